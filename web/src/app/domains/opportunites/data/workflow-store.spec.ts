import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { ApiConfiguration } from '../../../api/api-configuration';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { WorkflowStore } from './workflow-store';
import { WorkflowView } from '../util/workflow-view';

const of = (version: string) => ({
  localisation: { id: 'l', code: 'L', name: 'Lille' },
  workflow: { pluginId: 'w', version },
});

describe('WorkflowStore', () => {
  let http: HttpTestingController;
  let store: WorkflowStore;
  const me = signal<{ id: string } | null>({ id: 'anne' });

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
    me.set({ id: 'anne' });
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        { provide: ApiConfiguration, useValue: { rootUrl: '' } },
        { provide: Session, useValue: { me } },
        { provide: Site, useValue: { current: signal(null) } },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    store = TestBed.inject(WorkflowStore);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const answer = (version: string): void => {
    http
      .expectOne('/api/workflow?localisationId=l')
      .flush({ id: 'w', version, label: { fr: '', en: '' }, sections: [], statuses: [], transitions: [] });
  };
  const read = async (view: Promise<WorkflowView>): Promise<string> => (await view).definition.version;

  it('reads a definition once for all that ask', async () => {
    const both = Promise.all([store.of(of('1.0.0')), store.of(of('1.0.0'))].map(read));
    answer('1.0.0');
    expect(await both).toEqual(['1.0.0', '1.0.0']);
    http.expectNone('/api/workflow?localisationId=l');
  });

  it('reads it anew when a record was decided on by another version, after a while, and for another user', async () => {
    const first = store.of(of('1.0.0'));
    answer('1.0.0');
    await first;
    const upgraded = store.of(of('2.0.0'));
    answer('2.0.0');
    expect(await read(upgraded)).toBe('2.0.0');

    vi.setSystemTime(Date.now() + 61_000);
    const later = store.of(of('1.0.0'));
    answer('2.0.0');
    expect(await read(later)).toBe('2.0.0');

    me.set(null);
    me.set({ id: 'bruno' });
    const other = store.of(of('1.0.0'));
    answer('3.0.0');
    expect(await read(other)).toBe('3.0.0');
  });
});
