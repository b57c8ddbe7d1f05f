import { TestBed } from '@angular/core/testing';
import { Opportunite } from '../../../api/models/opportunite';
import { Api } from '../../../api/api';
import { OpportuniteClient } from './opportunite-client';
import { RecordStore } from './record-store';
import { WorkflowStore } from './workflow-store';

const record = (version: number, collecte: object): Opportunite => ({
  id: 'o', version, data: { collecte }, localisation: { id: 'l', code: 'L', name: 'Lille' }, workflow: { pluginId: 'w', version: '1.0.0' },
} as unknown as Opportunite);

describe('RecordStore', () => {
  it('keeps unsaved edits on top of what somebody else has saved', async () => {
    TestBed.configureTestingModule({
      providers: [
        RecordStore,
        { provide: OpportuniteClient, useValue: { get: () => Promise.resolve(record(1, { objectifs: 'A', remarques: 'B' })) } },
        { provide: WorkflowStore, useValue: { of: () => Promise.reject(new Error('away')) } },
        { provide: Api, useValue: { invoke: () => Promise.resolve({ data: [] }) } },
      ],
    });
    const store = TestBed.inject(RecordStore);
    store.show('o');
    await vi.waitFor(() => { TestBed.tick(); expect(store.record()?.version).toBe(1); });
    store.edit('collecte', { objectifs: 'mine', remarques: 'B' });

    store.accept(record(2, { objectifs: 'A', remarques: 'theirs' }));
    expect(store.draft('collecte')).toEqual({ objectifs: 'mine', remarques: 'theirs' });
    expect(store.dirty()).toEqual(['collecte']);

    // What the other has saved the same way is no edit any more.
    store.accept(record(3, { objectifs: 'mine', remarques: 'theirs' }));
    expect(store.dirty()).toEqual([]);
  });
});
