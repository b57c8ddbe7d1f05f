import { TestBed } from '@angular/core/testing';
import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { provideRouter } from '@angular/router';
import { ApiConfiguration } from '../../../api/api-configuration';
import { Offer } from '../../../api/models/offer';
import { Opportunite } from '../../../api/models/opportunite';
import { problemInterceptor } from '../../../shared/http/problem';
import { Language, Texts, provideTranslations } from '../../../shared/i18n/language';
import { en } from '../i18n/en';
import { fr } from '../i18n/fr';
import { ToastStore } from '../../../shared/ui/toast-store';
import { Moves } from './moves';

const OFFER: Offer = {
  transition: 'go',
  label: { fr: 'Avancer', en: 'Go' },
  direction: 'forward',
  allowed: true,
  blockers: [],
};
const record = (version: number, status: string): Opportunite =>
  ({
    id: 'o',
    version,
    numero: 'OPP-2026-00001',
    status,
    statusLabel: { fr: `Statut ${status}`, en: status },
    section: 's',
    offers: [OFFER],
    data: {},
    localisation: { id: 'l', code: 'L', name: 'Lille' },
    workflow: { pluginId: 'w', version: '1.0.0' },
  }) as unknown as Opportunite;
const stale = {
  type: '/problems/stale',
  title: 'Modifié',
  status: 412,
  code: 'stale',
  current: record(4, 'b'),
  changed: ['/status'],
};

/** Lets promises inside the code under test settle. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

const TEXTS: Texts = { fr: () => Promise.resolve(fr), en: () => Promise.resolve(en) };

describe('Moves', () => {
  let http: HttpTestingController;
  const said = (): string | undefined => TestBed.inject(ToastStore).current()?.text;

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([problemInterceptor])),
        provideHttpClientTesting(),
        provideRouter([]),
        provideTranslations(TEXTS),
        { provide: ApiConfiguration, useValue: { rootUrl: '' } },
      ],
    });
    await TestBed.inject(Language).use('fr');
    http = TestBed.inject(HttpTestingController);
  });

  it('a move that went through needs no workflow to be told', async () => {
    const moved = TestBed.inject(Moves).take(record(3, 'a'), OFFER);
    http.expectOne('/api/opportunites/o/transitions/go').flush({ opportunite: record(4, 'b') });
    expect(await moved).toEqual({ record: record(4, 'b'), taken: true, refused: new Map() });
    expect(said()).toBe('OPP-2026-00001\u00a0: Statut b');
    http.verify();
  });

  it('a lost race hands back the record as it is now and says what is new, also without a workflow', async () => {
    const moved = TestBed.inject(Moves).take(record(3, 'a'), OFFER);
    const asked = http.expectOne('/api/opportunites/o/transitions/go');
    expect(asked.request.headers.get('If-Match')).toBe('"3"');
    asked.flush(stale, { status: 412, statusText: 'x' });
    await settle();
    http.expectOne((request) => request.url === '/api/workflow').flush('', { status: 503, statusText: 'x' });
    await settle();
    for (const again of http.match((request) => request.url === '/api/workflow'))
      again.flush('', { status: 503, statusText: 'x' });
    const { record: now, taken } = await moved;
    expect([now.version, taken]).toEqual([4, false]);
    expect(said()).toContain('Rien n’a été fait');
    expect(TestBed.inject(ToastStore).current()?.details).toEqual(['Changé\u00a0: Statut b.']);

    const again = TestBed.inject(Moves).take(now, OFFER);
    const second = http.expectOne('/api/opportunites/o/transitions/go');
    expect(second.request.headers.get('If-Match')).toBe('"4"');
    second.flush({ opportunite: record(5, 'c') });
    expect((await again).taken).toBe(true);
  });

  it('a refusal is told and leaves the record as it was', async () => {
    const before = record(3, 'a');
    const moved = TestBed.inject(Moves).take(before, OFFER);
    http
      .expectOne('/api/opportunites/o/transitions/go')
      .flush(
        { type: 'x', title: 'Non', detail: 'Pas encore', status: 409, code: 'move-refused' },
        { status: 409, statusText: 'x' },
      );
    expect(await moved).toEqual({ record: before, taken: false, refused: new Map() });
    expect(said()).toBe('Pas encore');
  });

  it('a refusal hands on what it says of fields', async () => {
    const moved = TestBed.inject(Moves).take(record(3, 'a'), OFFER);
    const fields = [{ field: '/s/rows/0/who', code: 'double-booking', message: 'Anne : déjà pris' }];
    http
      .expectOne('/api/opportunites/o/transitions/go')
      .flush(
        { type: 'x', title: 'Non', status: 409, code: 'double-booking', fields },
        { status: 409, statusText: 'x' },
      );
    expect([...(await moved).refused]).toEqual([['/s/rows/0/who', 'Anne : déjà pris']]);
  });

  it('the toast offers the move that leads back, and takes it on top of what was answered', async () => {
    const back: Offer = {
      transition: 'recall',
      label: { fr: 'Reprendre', en: 'Take back' },
      direction: 'other',
      allowed: true,
      blockers: [],
    };
    const heard: unknown[] = [];
    const moved = TestBed.inject(Moves).take(record(3, 'a'), OFFER, (undone) => heard.push(undone));
    http.expectOne('/api/opportunites/o/transitions/go').flush({ opportunite: { ...record(4, 'b'), offers: [back] } });
    await moved;
    expect(TestBed.inject(ToastStore).current()?.action).toBeUndefined();
    http
      .expectOne((request) => request.url === '/api/workflow')
      .flush({
        id: 'w',
        version: '1.0.0',
        sections: [],
        statuses: [],
        transitions: [{ id: 'recall', sources: ['b'] }],
      });
    await settle();
    const action = TestBed.inject(ToastStore).current()?.action;
    expect([action?.label, action?.hint]).toEqual(['Annuler', 'Reprendre']);
    action?.run();
    const second = http.expectOne('/api/opportunites/o/transitions/recall');
    expect(second.request.headers.get('If-Match')).toBe('"4"');
    second.flush({ opportunite: record(5, 'a') });
    await settle();
    expect(heard).toEqual([{ record: record(5, 'a'), taken: true, refused: new Map() }]);
    expect(said()).toBe('OPP-2026-00001\u00a0: Statut a');
  });
});
