import { TestBed } from '@angular/core/testing';
import { Api } from '../../../api/api';
import { Opportunite } from '../../../api/models/opportunite';
import { Workflow } from '../../../api/models/workflow';
import { JsonObject } from '../../../shared/schema-form/schema';
import { OpportuniteClient } from './opportunite-client';
import { RecordStore } from './record-store';
import { WorkflowStore } from './workflow-store';
import { WorkflowView } from '../util/workflow-view';

const record = (version: number, collecte: object): Opportunite =>
  ({
    id: 'o',
    version,
    data: { collecte },
    localisation: { id: 'l', code: 'L', name: 'Lille' },
    workflow: { pluginId: 'w', version: '1.0.0' },
  }) as unknown as Opportunite;

const money = (readOnly: boolean): object => ({ type: 'integer', 'x-widget': 'money', readOnly });
/** Rows with an amount each, and sums that the plugin computes. */
const form = {
  type: 'object',
  properties: {
    reste: money(true),
    lignes: { type: 'array', items: { type: 'object', properties: { prix: money(false), montant: money(true) } } },
  },
};

/** A workflow of two sections with one status each, and one status outside of them. */
const view = new WorkflowView({
  id: 'w',
  version: '1.0.0',
  label: { fr: '', en: '' },
  transitions: [],
  sections: [{ id: 'collecte', form }, { id: 'devis' }],
  statuses: [
    { id: 'c', section: 'collecte' },
    { id: 'd', section: 'devis' },
    { id: 'halt', section: '' },
  ],
} as unknown as Workflow);

function open(
  read: Opportunite,
  workflow: Promise<WorkflowView>,
  history: object[] = [],
  putSection?: OpportuniteClient['putSection'],
): RecordStore {
  TestBed.configureTestingModule({
    providers: [
      RecordStore,
      { provide: OpportuniteClient, useValue: { get: () => Promise.resolve(read), putSection } },
      { provide: WorkflowStore, useValue: { of: () => workflow } },
      { provide: Api, useValue: { invoke: () => Promise.resolve({ data: history }) } },
    ],
  });
  const store = TestBed.inject(RecordStore);
  store.show('o');
  return store;
}

describe('RecordStore', () => {
  it('keeps unsaved edits on top of what somebody else has saved', async () => {
    const store = open(record(1, { objectifs: 'A', remarques: 'B' }), Promise.resolve(view));
    await vi.waitFor(() => {
      TestBed.tick();
      expect(store.record()?.version).toBe(1);
    });
    store.edit('collecte', (now) => ({ ...now, objectifs: 'mine' }));

    store.accept(record(2, { objectifs: 'A', remarques: 'theirs' }));
    expect(store.draft('collecte')).toEqual({ objectifs: 'mine', remarques: 'theirs' });
    expect(store.dirty()).toEqual(['collecte']);

    // A value that somebody else has saved equally is no longer an edit.
    store.accept(record(3, { objectifs: 'mine', remarques: 'theirs' }));
    expect(store.dirty()).toEqual([]);
  });

  it('knows where a record stood before it was set aside', async () => {
    const history = [
      { kind: 'refused', source: 'c' },
      { kind: 'edited' },
      { kind: 'moved', source: 'd', target: 'halt' },
      { kind: 'moved', source: 'c', target: 'd' },
    ];
    const store = open({ ...record(1, {}), section: '', status: 'halt' }, Promise.resolve(view), history);
    await vi.waitFor(() => {
      TestBed.tick();
      expect(store.stands()).toBe('devis');
    });
    store.accept({ ...record(1, {}), section: 'collecte', status: 'c' });
    expect(store.stands()).toBe('collecte');
  });

  it('keeps what is typed while a save is under way', async () => {
    let answer: (saved: Opportunite) => void = () => undefined;
    const put = vi.fn(
      () =>
        new Promise<Opportunite>((resolve) => {
          answer = resolve;
        }),
    );
    const store = open(record(1, { objectifs: 'A', remarques: 'B' }), Promise.resolve(view), [], put);
    await vi.waitFor(() => {
      TestBed.tick();
      expect(store.record()?.version).toBe(1);
    });
    store.edit('collecte', (now) => ({ ...now, objectifs: 'first' }));
    const saving = store.save('collecte');
    store.edit('collecte', (now) => ({ ...now, remarques: 'later' }));
    answer(record(2, { objectifs: 'first', remarques: 'B' }));
    await saving;
    expect(put).toHaveBeenCalledOnce();
    expect(store.draft('collecte')).toEqual({ objectifs: 'first', remarques: 'later' });
    expect(store.dirty()).toEqual(['collecte']);
  });

  it('is not changed by a value that is typed and taken back, whatever the order of its members', async () => {
    const store = open(record(1, { objectifs: 'A', remarques: 'B' }), Promise.resolve(view));
    await vi.waitFor(() => {
      TestBed.tick();
      expect(store.record()?.version).toBe(1);
    });
    store.edit('collecte', () => ({ remarques: 'B', objectifs: null }));
    expect(store.dirty()).toEqual(['collecte']);
    store.edit('collecte', () => ({ remarques: 'B', objectifs: 'A', lieu: '' }));
    expect(store.dirty()).toEqual([]);
  });

  it('is not changed by a row that is added and taken away, though sums were dropped meanwhile', async () => {
    const store = open(record(1, { reste: 100, lignes: [{ prix: 5, montant: 5 }] }), Promise.resolve(view));
    await vi.waitFor(() => {
      TestBed.tick();
      expect(store.workflow()).toBeDefined();
    });
    store.edit('collecte', (): JsonObject => ({ lignes: [{ prix: 5 }, {}] }));
    expect(store.dirty()).toEqual(['collecte']);
    store.edit('collecte', (): JsonObject => ({ lignes: [{ prix: 5 }] }));
    expect(store.dirty()).toEqual([]);
    expect(store.draft('collecte')['reste']).toBe(100);
  });

  it('writes the former document back over what was saved', async () => {
    const put = vi.fn((seen: { version: number }) => Promise.resolve(record(seen.version + 1, { objectifs: 'mine' })));
    const store = open(record(1, { objectifs: 'A' }), Promise.resolve(view), [], put);
    await vi.waitFor(() => {
      TestBed.tick();
      expect(store.record()?.version).toBe(1);
    });
    store.edit('collecte', () => ({ objectifs: 'mine' }));
    const back = await store.save('collecte');
    await back?.();
    expect(put).toHaveBeenLastCalledWith(expect.objectContaining({ version: 2 }), 'collecte', { objectifs: 'A' });
  });
});
