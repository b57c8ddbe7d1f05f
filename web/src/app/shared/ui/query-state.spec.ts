import { ChangeDetectionStrategy, Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { queryState } from './query-state';

@Component({ template: '', changeDetection: ChangeDetectionStrategy.OnPush })
class List {
  readonly filters = queryState({ q: '', status: '' });
}

@Component({ template: '', changeDetection: ChangeDetectionStrategy.OnPush })
class Detail {}

/** A list, and a record whose page takes its time. */
async function start(): Promise<{ list: List; router: Router; opens: () => void }> {
  let opens: () => void = () => undefined;
  const loaded = new Promise<boolean>((resolve) => {
    opens = (): void => {
      resolve(true);
    };
  });
  TestBed.configureTestingModule({
    providers: [
      provideRouter([
        { path: 'list', component: List },
        { path: 'record', component: Detail, canActivate: [(): Promise<boolean> => loaded] },
      ]),
    ],
  });
  const harness = await RouterTestingHarness.create();
  const list = await harness.navigateByUrl('/list', List);
  return { list, router: TestBed.inject(Router), opens };
}

describe('queryState', () => {
  it('lets a followed link win over words that the search box tells late', async () => {
    const { list, router, opens } = await start();
    const followed = router.navigateByUrl('/record');
    await Promise.resolve();
    list.filters.set({ q: 'soudage' });
    opens();
    expect(await followed).toBe(true);
    expect(router.url).toBe('/record');
  });

  it('keeps two filters that change at once', async () => {
    const { list, router } = await start();
    list.filters.set({ q: 'soudage' });
    list.filters.set({ status: 'inscrit' });
    await new Promise((resolve) => setTimeout(resolve));
    expect(router.url).toBe('/list?q=soudage&status=inscrit');
    expect(list.filters.values()).toEqual({ q: 'soudage', status: 'inscrit' });
    list.filters.clear();
    await new Promise((resolve) => setTimeout(resolve));
    expect(router.url).toBe('/list');
  });
});
