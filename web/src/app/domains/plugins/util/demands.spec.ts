import { PluginCapability } from '../../../api/models/plugin-capability';
import { PluginVersion } from '../../../api/models/plugin-version';
import { PluginVersionChanges } from '../../../api/models/plugin-version-changes';
import { demandsOf } from './demands';

const capability = (id: string, ...params: string[]): PluginCapability => ({
  id,
  sentence: { fr: id, en: id },
  params,
});

function version(capabilities: PluginCapability[], changes: Partial<PluginVersionChanges>): PluginVersion {
  return {
    pluginId: 'essai',
    version: '2.0.0',
    name: { fr: 'Essai', en: 'Trial' },
    description: { fr: '', en: '' },
    kind: 'hook',
    level: 'private',
    state: 'staged',
    consent: 'c'.repeat(64),
    installedAt: '2026-11-22T10:00:00Z',
    sha256: '',
    size: 1,
    capabilities,
    changes: {
      consentRequired: true,
      capabilitiesAdded: [],
      capabilitiesRemoved: [],
      more: [],
      signerChanged: false,
      limits: {},
      ...changes,
    },
  };
}

describe('demandsOf', () => {
  it('marks nothing in a first version', () => {
    const { all, gone } = demandsOf(version([capability('clock')], { capabilitiesAdded: [capability('clock')] }));
    expect(all.map(({ mark }) => mark)).toEqual([null]);
    expect(gone).toEqual([]);
  });

  it('knows work at set times by its name', () => {
    const { all, other } = demandsOf(
      version([capability('schedule:matin'), capability('schedule:soir'), capability('schedule:nuit')], {
        from: '1.0.0',
        capabilitiesAdded: [capability('schedule:soir')],
        more: ['/schedules/soir', '/schedules/matin/cron'],
      }),
    );
    expect(all.map(({ mark }) => mark)).toEqual(['more', 'added', null]);
    expect(other).toEqual([]);
  });

  it('knows each kind of queried record, facets and other sections by their names', () => {
    const { all, other } = demandsOf(
      version(
        [
          capability('records-query:contact', 'email', 'phone'),
          capability('records-query:salle', 'name'),
          capability('data-migration'),
          capability('on-failure'),
          capability('limits', '64 MiB'),
        ],
        {
          from: '1.0.0',
          capabilitiesAdded: [capability('data-migration')],
          more: ['/capabilities/records-query/contact/fields', '/data-migration', '/on-failure', '/limits/memory-mib'],
        },
      ),
    );
    expect(all.map(({ capability: { id }, mark }) => [id, mark])).toEqual([
      ['records-query:contact', 'more'],
      ['records-query:salle', null],
      ['data-migration', 'added'],
      ['on-failure', 'more'],
    ]);
    expect(other).toEqual([]);
  });

  it('tells what is new, what reaches further, what stays and what is gone', () => {
    const { all, gone, other } = demandsOf(
      version([capability('clock'), capability('http', 'https://b.fr'), capability('kv')], {
        from: '1.0.0',
        capabilitiesAdded: [capability('clock')],
        capabilitiesRemoved: [capability('secrets')],
        more: ['/capabilities/clock', '/capabilities/http/hosts', '/limits/memory-mib'],
      }),
    );
    expect(all.map(({ capability: { id }, mark }) => [id, mark])).toEqual([
      ['clock', 'added'],
      ['http', 'more'],
      ['kv', null],
    ]);
    expect(gone.map(({ id }) => id)).toEqual(['secrets']);
    expect(other).toEqual([]);
  });

  it('keeps quiet about no growth it cannot place', () => {
    const { all, other } = demandsOf(
      version([capability('http')], { from: '1.0.0', more: ['/capabilities/httpx', '/else'] }),
    );
    expect(all[0]?.mark).toBeNull();
    expect(other).toEqual(['/capabilities/httpx', '/else']);
  });
});
