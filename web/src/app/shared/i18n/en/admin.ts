import { Words } from '../words';
import type { admin as french } from '../fr/admin';

export const admin: Words<typeof french> = {
  users: {
    create: 'New user', edit: 'Edit the user', editOne: 'Edit {{name}}', search: 'Name or e-mail', role: 'Role', allRoles: 'All roles', state: 'State', name: 'Name', sites: 'Sites',
    allSites: 'All', lastLogin: 'Last sign-in', never: 'never', none: 'No user', noneText: 'No account matches these filters.', activeFilter: { true: 'Active', false: 'Deactivated', all: 'All' },
    newPassword: 'New password', passwordKeep: 'Empty: unchanged. Else at least {{n}} characters.', activeLabel: 'Account active (deactivated: no sign-in, sessions closed)', siteRequired: 'Choose at least one site',
  },
  formateurs: {
    one: 'Trainer', create: 'New trainer', edit: 'Edit the trainer', search: 'Name, skill…', kind: 'Status', allKinds: 'All statuses', kinds: { permanent: 'Permanent', vacataire: 'Freelance' },
    withInactive: 'Include inactive', none: 'No trainer', noneText: 'No trainer matches here.', skills: 'Skills', certifications: 'Certifications', expired: '{{n}} expired',
    planning: 'Schedule', away: 'away', free: 'free', hourlyRate: 'Hourly rate', noCertification: 'No certification', shared: 'network', unavailability: 'Absences',
  },
  salles: {
    create: 'New room', edit: 'Edit the room', editOne: 'Edit {{name}}', search: 'Name, equipment…', withInactive: 'Include inactive', name: 'Name', capacity: 'Capacity', equipment: 'Equipment',
    site: 'Site', inactive: 'Inactive', none: 'No room', noneText: 'No room matches here.',
  },
  jobs: {
    refresh: 'Refresh', isPaused: 'paused', pauseOne: 'Pause the queue {{name}}', resumeOne: 'Resume the queue {{name}}', paused: 'Queue paused', resumed: 'Queue resumed', retried: 'Job queued again',
    oldest: 'Oldest waiting: {{age}}', completedCount: '{{n}} completed', stateLabel: 'State', allStates: 'All states', queue: 'Queue', allQueues: 'All queues', none: 'No job',
    noneText: 'Nothing has happened in the background yet.', noneFiltered: 'No job matches these filters.', job: 'Job', ofPlugin: 'Plugin {{plugin}}', attempts: 'Attempts', created: 'Created', error: 'Error', retry: 'Replay',
    state: { waiting: 'Waiting', delayed: 'Delayed', active: 'Active', completed: 'Completed', failed: 'Failed', dead: 'Dead' },
  },
  secrets: { title: 'Secrets', set: 'Stored, never shown again.', unset: 'Not stored yet.', erase: 'Erase', willErase: 'Will be erased on saving.' },
  connecteurs: {
    one: 'Connector', run: 'Synchronisation', subtitle: 'What is read from other systems, when, and what it changes here.', none: 'No connector', noneText: 'Install a plugin of the connector kind.',
    noSchedule: 'No schedule', neverRun: 'Never run', preview: 'Preview', sync: 'Synchronise', tab: { executions: 'Synchronisations', configuration: 'Configuration', changements: 'Changes', journal: 'Log' },
    noRun: 'No synchronisation', noRunText: 'Start with a preview: it changes nothing.', startedAt: 'Started', stateLabel: 'State', mode: 'Mode', modes: { preview: 'Preview', apply: 'Synchronisation' }, message: 'Message',
    trigger: { manual: 'Manual', schedule: 'Scheduled' },
    state: { queued: 'Queued', fetching: 'Reading', staged: 'Preview ready', applying: 'Applying', done: 'Done', failed: 'Failed', held: 'Held', undone: 'Undone' },
    count: { created: 'Created', updated: 'Updated', unchanged: 'Unchanged', skipped: 'Skipped', archived: 'Archived', missing: 'Missing', conflict: 'To decide' },
    actions: { created: 'Creation', updated: 'Update', unchanged: 'Unchanged', skipped: 'Skipped', archived: 'Archiving', missing: 'Missing', conflict: 'To decide' }, counts: 'Outcome', record: 'Record', action: 'Action', difference: 'Difference',
    entity: { localisation: 'Sites', entreprise: 'Companies', contact: 'Contacts' }, progress: 'Progress', noChange: 'No change', noChangeText: 'Nothing to show for this selection.', stillReading: 'Reading is under way.',
    noLog: 'Empty log.', stagedText: 'Nothing has been changed yet. Check, then apply.', heldTitle: 'Held as a precaution',
    apply: 'Apply', applyTitle: 'Apply the changes?', applyText: 'Records will be created and changed in the CRM. You can undo it afterwards.', undo: 'Undo its effects', undoTitle: 'Undo the effects of this synchronisation?',
    undoText: 'Records go back to how they were. What somebody changed since stays.', cancel: 'Stop', giveUp: 'Give up', cancelTitle: 'Stop here?', cancelText: 'Nothing of the rest will be applied. What has been applied can be undone.',
    conflict: {
      title: '{{n}} record{{n||s}} changed on both sides.', text: 'The CRM keeps its values until somebody chooses.', show: 'Show', before: 'Before', here: 'In the CRM', there: 'Received', kept: 'kept',
      keepHere: 'Keep ours', takeThere: 'Take theirs', keepAll: 'Keep all of ours', takeAll: 'Take all of theirs', keepAllText: 'The CRM’s values stay. You are asked again only if they change over there once more.',
      takeAllText: 'The values received replace those of the CRM. You can undo this with the run.', settled: 'Choice saved', settledSome: '{{settled}} choices saved; {{left}} left: the record has changed again since.',
    },
    owners: { title: 'Who owns each field', text: 'When a field has changed here and over there, the CRM asks. You can also decide once and for all, field by field.', both: 'Last change, else ask', crm: 'The CRM keeps its value', source: 'The other system decides' },
    settings: 'Settings', schedule: 'Schedule', scheduleOn: 'Synchronise automatically', rhythm: 'Rhythm', rhythms: { '0': 'Every day at 5 am', '1': 'Weekdays at 5 am', '2': 'Every 4 hours', '3': 'Every hour' },
    customRhythm: 'Other (cron)', cron: 'Cron line', check: 'Check the connection', checking: 'Checking…', checkTitle: 'Check', ok: 'succeeded', failed: 'failed',
  },
};
