import { allow, before, defineHook, opportuniteOf, veto } from 'afpi-plugin';

export default defineHook({
  subscriptions: () => [before('opportunite.created')],

  before(_, event) {
    const subject = opportuniteOf(event);
    return subject !== null && subject.budget < 10_000 ? veto('Moins de 100 €.', 'Less than €100.') : allow;
  },
});
