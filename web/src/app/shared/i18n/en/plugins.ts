import { plugins as fr } from '../fr/plugins';
import { Words } from '../words';

export const plugins: Words<typeof fr> = {
  plugins: {
    one: 'Plugin', subtitle: 'Business rules live in isolated plugins, switched on site by site.', none: 'No plugin', noneText: 'No plugin is installed.',
    kind: { workflow: 'Workflow', objectives: 'Objectives', notifier: 'Notifications', connector: 'Connector', hook: 'Hook' }, level: { core: 'Built in', partner: 'Partner', private: 'Private', unsigned: 'Unsigned' },
    levelText: {
      core: 'Comes with the application and was checked with it.', partner: 'Signed by a partner whose key your network has accepted.', private: 'Signed with a key of your own network.',
      unsigned: 'Nobody answers for it: nobody can tell who made it or whether it was altered. For trials only.',
    },
    setting: 'the address in the setting “{{name}}”', signedBy: 'Key: {{name}}', keyRevoked: 'key revoked', waiting: 'Waits for your consent', removedState: 'Uninstalled', newVersions: '{{n}} version{{n||s}} waiting for consent',
    activeOn: 'Active sites: {{n}} of {{total}}', calls: 'calls', quarantined: '{{n}} quarantined', noCapability: 'Asks for no access.', trouble: 'This plugin is active but does not run: {{why}}', openConnector: 'Open the connector', sites: 'Per site', state: 'State',
    states: { active: 'Active', disabled: 'Disabled', quarantined: 'Quarantined' }, enabled: 'Enabled', enableOn: 'Enable on {{site}}', configure: 'Configure', configureOn: 'Configure on {{site}}', may: 'This plugin…',
    tab: { sites: 'Sites', horaires: 'Times', sante: 'Health', enregistrements: 'Recordings', versions: 'Versions' }, file: 'File', installedAt: 'Installed', size: 'Size', disable: 'Disable', disableTitle: 'Disable on {{site}}?',
    disableText: 'What this plugin decides or computes will no longer be available on this site.',
    alongside: 'along with', order: 'Rank', orderRange: 'A whole number from −{{most}} to {{most}}', orderOn: 'Rank on {{site}}: the lowest is asked first', onFailure: 'No answer', onFailureOn: 'If the hook gives no answer on {{site}}',
    failure: { manifest: 'As the plugin says', open: 'Let it pass', closed: 'Refuse' },
  },
  pluginSchedules: {
    cron: 'Minute, hour, day, month, weekday; French time', next: 'Next time', last: 'Last time', never: 'Never', off: 'Off here', pluginOff: 'Plugin off here',
    enableOn: '{{name}} on {{site}}', outcome: { done: 'Done', retried: 'Tries again', failed: 'Failed' },
  },
  pluginInstall: {
    open: 'Install a file', title: 'Install a plugin', choose: 'Choose a file', drop: 'Drop a plugin file here (.wasm, at most 12 MiB), or choose it.',
    next: 'Nothing is activated at this step: you will first read what the plugin asks for.', sending: 'Sending {{name}}', checking: 'Checking the plugin…', refused: 'This file is refused',
    tooLarge: 'This file is larger than 12 MiB.', empty: 'This file is empty.', notWasm: 'This file is not a plugin: a .wasm file is expected.',
  },
  pluginConsent: {
    title: 'Do you consent?', version: 'Version {{version}}', replaces: 'Replaces version {{version}}', may: 'What this plugin will be able to do', added: 'new', more: 'extended', gone: 'What it no longer asks for',
    same: 'This version asks for no more than the active one.', first: 'Nothing will be active before you switch it on site by site.', levelChanged: 'The signature level changes: “{{before}}” becomes “{{after}}”.', signerChanged: 'This version is not signed with the key of the one before. The plugin’s secrets and notes do not pass to it: enter the secrets again.',
    memory: 'Memory per call', time: 'Time per call', standard: 'default', other: 'Also asks for more here: {{list}}', accept: 'Accept', refuse: 'Refuse', later: 'Decide later', refusedDone: 'Version {{version}} refused and erased',
    done: 'Version {{version}} is active', settings: 'Settings to read again: {{list}}',
  },
  pluginVersions: {
    title: 'Versions', version: 'Version', level: 'Signature', state: { active: 'Active', previous: 'Previous', staged: 'Waits for your consent' }, review: 'Review', reviewOne: 'Review version {{version}}', rollback: 'Roll back to version {{version}}',
    rollbackTitle: 'Roll back to version {{version}}?', rollbackText: 'It takes over at once, on all sites, with the settings and grants it had.', rolledBack: 'Rolled back to version {{version}}',
    uninstall: 'Uninstall', uninstallTitle: 'Uninstall this plugin?', uninstallText: 'It stops at once on all sites. Data stays readable: files, history and settings are kept.', uninstalled: 'Plugin uninstalled',
    purge: 'Erase its settings', purgeTitle: 'Erase what the plugin has left?', purgeText: 'Its settings, secrets and notes are erased for good. Files and their history stay readable.', purged: 'Settings erased',
  },
  pluginHealth: {
    title: 'Health per site', caption: 'Counted since the servers started, refreshed every 5 seconds', calls: 'Calls', refusals: 'Refusals', errors: 'Errors', faults: 'Forced stops', p50: 'Median', p99: '99th percentile', memory: 'Memory', details: 'Details of {{site}}',
    uses: 'Host calls', capability: 'Capability', denied: 'Denied', noUse: 'No host call.', logs: 'Last log lines', noLog: 'Nothing in the log.', lastError: 'Last error, {{ago}}',
    quarantine: 'Quarantined: {{reason}}', nextTry: 'Next try: {{at}} · {{n}} in a row', release: 'Try again now', releaseOn: 'Release from quarantine on {{site}}', released: 'Released from quarantine on {{site}}',
  },
  pluginRecordings: {
    title: 'Recordings', text: 'The next calls are kept as they are, to be made again at the desk: “afpi plugin replay” repeats them, “afpi plugin diff” shows what another version would have decided.',
    caution: 'Settings, questions and answers stand in them in full, records among them: they are deleted after 30 days, and the downloaded file deserves the same care.',
    state: { off: 'Stopped', on: 'Recording' }, progress: '{{n}} of {{total}}', calls: 'Calls kept', size: 'Size', started: 'Started', by: 'by {{name}}', deleted: 'Deleted on',
    none: 'Nothing is recorded', noneText: 'Choose a site and how many of the next calls to keep.', begin: 'Record calls', start: 'Record', again: 'Start again', startOn: 'Start again on {{site}}', startTitle: 'Record the next calls', count: 'Number of calls', countHint: 'From 1 to {{max}}. Recording ends by itself.', replaces: '{{n}} call{{n||s}} already recorded on this site will be deleted.', launched: 'Recording started on {{site}}',
    stop: 'Stop', stopOn: 'Stop recording on {{site}}', stopped: 'Recording stopped on {{site}}', download: 'Download', downloadOn: 'Download the calls of {{site}}', erase: 'Erase', eraseOn: 'Erase the calls of {{site}}',
    eraseTitle: 'Erase the calls recorded on {{site}}?', eraseText: 'Recording stops, and {{n}} kept call{{n||s}} {{n|is|are}} deleted.', erased: 'Calls erased on {{site}}',
    list: 'Calls of {{site}}', newest: 'The newest ({{n}}).', at: 'When', function: 'Function', answer: 'Answer', answered: 'Answered', refused: 'Refused',
  },
  pluginKeys: {
    title: 'Trusted keys', subtitle: 'A plugin signed with one of these keys can be installed.', manage: 'Trusted keys', add: 'Add a key', publicKey: 'Public key', publicKeyHint: 'The line of the .pub file: afpi-key-v1 public …', level: 'Level',
    levelHint: { partner: 'The key of a vendor you know.', private: 'A key of your own network.' }, name: 'Name', addedAt: 'Added', revokedAt: 'Revoked', trusted: 'Trusted', revoke: 'Revoke', revokeOne: 'Revoke {{name}}',
    revokeTitle: 'Trust {{name}} no longer?', revokeText: 'Nothing this key has signed can be activated any more. What runs already goes on.', revoked: 'Key revoked', added: 'Key added', trustAgain: 'Trust {{name}} again', again: 'Trust again', none: 'No key', noneText: 'Only plugins that come with the application can be installed.',
  },
};
