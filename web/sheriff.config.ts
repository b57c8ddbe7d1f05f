// The walls: shared knows no domain, a domain knows itself and shared, the opportunité's small parts may be shown
// anywhere, nothing knows the shell.
import { SheriffConfig, sameTag } from '@softarc/sheriff-core';

export const config: SheriffConfig = {
  enableBarrelLess: true,
  entryFile: 'src/main.ts',
  modules: {
    'src/app/api': 'api',
    'src/app/shared/<part>': 'shared',
    'src/app/shell': 'shell',
    'src/app/domains/<domain>': 'domain:<domain>',
  },
  depRules: {
    root: ['api', 'shared', 'shell', 'domain:*'],
    api: 'api',
    shared: ['api', 'shared'],
    shell: ['api', 'shared', 'shell', 'domain:notifications', 'domain:account'],
    'domain:*': [sameTag, 'api', 'shared', 'domain:opportunites', 'domain:notifications'],
  },
};
