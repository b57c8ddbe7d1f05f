import { after, defineHook, jobs, log, opportuniteOf } from 'afpi-plugin';

export default defineHook({
  subscriptions: () => [after('opportunite.created')],

  after(_, event) {
    const subject = opportuniteOf(event);
    if (subject !== null) jobs.enqueue('remind', { payload: subject.id, afterMs: 7 * 86_400_000, once: subject.id });
  },

  job(_, kind, payload) {
    log.info(`${kind}: a week has passed for ${payload}`);
    return { tag: 'done' };
  },
});
