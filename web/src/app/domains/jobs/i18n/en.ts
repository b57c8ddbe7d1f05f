/** English texts of the domain jobs. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './fr';

export const en: Words<typeof fr> = {
  jobs: {
    refresh: 'Refresh',
    isPaused: 'paused',
    pauseOne: 'Pause the queue {{name}}',
    resumeOne: 'Resume the queue {{name}}',
    paused: 'Queue paused',
    resumed: 'Queue resumed',
    retried: 'Job queued again',
    oldest: 'Oldest waiting: {{age}}',
    completedCount: '{{n}} completed',
    stateLabel: 'State',
    allStates: 'All states',
    queue: 'Queue',
    allQueues: 'All queues',
    none: 'No job',
    noneText: 'Nothing has happened in the background yet.',
    noneFiltered: 'No job matches these filters.',
    job: 'Job',
    ofPlugin: 'Plugin {{plugin}}',
    attempts: 'Attempts',
    created: 'Created',
    error: 'Error',
    retry: 'Replay',
    state: {
      waiting: 'Waiting',
      delayed: 'Delayed',
      active: 'Active',
      completed: 'Completed',
      failed: 'Failed',
      dead: 'Dead',
    },
  },
};
