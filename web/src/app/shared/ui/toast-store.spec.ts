import { TestBed } from '@angular/core/testing';
import { provideTranslations } from '../i18n/language';
import { ToastStore } from './toast-store';

describe('toasts', () => {
  let store: ToastStore;
  const shown = (): string | undefined => store.current()?.text;

  beforeEach(() => {
    vi.useFakeTimers();
    store = TestBed.configureTestingModule({ providers: [provideTranslations()] }).inject(ToastStore);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are one at a time: what was just done replaces what is shown', () => {
    store.done('one');
    store.done('two');
    expect(shown()).toBe('two');
    vi.advanceTimersByTime(6000);
    expect(shown()).toBeUndefined();
  });

  it('that come by themselves wait, and only the latest of them', () => {
    store.show({ tone: 'bad', text: 'refused' });
    store.show({ tone: 'info', text: 'news' });
    store.show({ tone: 'info', text: 'later news' });
    vi.advanceTimersByTime(60_000);
    expect(shown()).toBe('refused');
    store.dismiss();
    expect(shown()).toBe('later news');
    store.dismiss();
    expect(shown()).toBeUndefined();
  });

  it('that can be undone are by the key, once', () => {
    const back = vi.fn();
    store.done('saved');
    expect(store.undo()).toBe(false);
    store.done('moved', { label: 'Annuler', undoes: true, run: back });
    expect([store.undo(), store.undo()]).toEqual([true, false]);
    expect(back).toHaveBeenCalledOnce();
  });

  it('that offer something last longer, and stay while somebody is on them', () => {
    store.done('removed', { label: 'Annuler', run: () => undefined });
    vi.advanceTimersByTime(11_000);
    expect(shown()).toBe('removed');
    store.hold();
    vi.advanceTimersByTime(60_000);
    expect(shown()).toBe('removed');
    store.release();
    vi.advanceTimersByTime(12_000);
    expect(shown()).toBeUndefined();
  });
});
