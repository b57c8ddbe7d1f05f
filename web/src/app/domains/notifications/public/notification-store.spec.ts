import { TestBed } from '@angular/core/testing';
import { Api } from '../../../api/api';
import { Session } from '../../../shared/auth/session';
import { Live } from '../../../shared/http/live';
import { Language, provideTranslations } from '../../../shared/i18n/language';
import { ToastStore } from '../../../shared/ui/toast-store';
import { NotificationStore } from './notification-store';

const SYNC = { id: 'r', connecteur: 'ypareo', state: 'fetching' };
const NOTIFICATION = { id: 'n', title: { fr: 'À vous', en: 'Yours' }, body: { fr: 'Un dossier', en: 'A file' } };

describe('what the stream brings', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('goes to those it is for: the progress of a run is no news for the notifications', async () => {
    TestBed.configureTestingModule({
      providers: [
        provideTranslations(),
        { provide: Api, useValue: { invoke: () => Promise.resolve({ unread: 4 }) } },
        {
          provide: Session,
          useValue: { me: () => ({ id: 'u' }), token: () => 't', refresh: () => Promise.resolve(false) },
        },
      ],
    });
    await TestBed.inject(Language).use('fr');
    let say: (text: string) => void = () => undefined;
    const stream = new ReadableStream<Uint8Array>({
      start: (out) => {
        say = (text) => {
          out.enqueue(new TextEncoder().encode(text));
        };
      },
    });
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(stream)));
    const runs: object[] = [];
    TestBed.runInInjectionContext(() => {
      TestBed.inject(Live).on('sync', (run) => {
        runs.push(run);
      });
    });
    const store = TestBed.inject(NotificationStore);
    store.listen();
    await vi.waitFor(() => {
      expect(store.unread()).toBe(4);
    });

    say(`event: sync\ndata: ${JSON.stringify(SYNC)}\n\nevent: sync\ndata: not json\n\n`);
    await vi.waitFor(() => {
      expect(runs).toEqual([SYNC]);
    });
    expect(store.revision()).toBe(0);

    say(`event: notification\ndata: ${JSON.stringify(NOTIFICATION)}\n\nevent: unread\ndata: {"unread":5}\n\n`);
    await vi.waitFor(() => {
      expect(store.unread()).toBe(5);
    });
    expect(store.latest().map(({ id }) => id)).toEqual(['n']);
    expect(TestBed.inject(ToastStore).current()?.text).toBe('À vous');
    expect(store.revision()).toBe(2);
    expect(runs).toHaveLength(1);
    store.hush();
  });
});
