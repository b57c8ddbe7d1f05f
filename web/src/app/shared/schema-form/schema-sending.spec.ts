import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideHttpClient } from '@angular/common/http';
import { ProblemError } from '../http/problem';
import { Language, provideTranslations } from '../i18n/language';
import { rebased } from '../forms/lost-race';
import { JsonObject, fieldsOf } from './schema';
import { schemaSending } from './schema-sending';

const FIELDS = fieldsOf({
  type: 'object',
  required: ['url'],
  properties: {
    url: { type: 'string', title: 'Adresse', 'x-title-en': 'Address' },
    pause: { type: 'integer', title: 'Pause', 'x-title-en': 'Pause' },
  },
});

@Component({ template: '', changeDetection: ChangeDetectionStrategy.OnPush })
class Page {
  readonly seen: JsonObject = { url: 'a', pause: 1 };
  version = 1;
  readonly value = signal<JsonObject>(this.seen);
  readonly sending = schemaSending<{ version: number; config: JsonObject }>({
    fields: () => FIELDS,
    value: this.value,
    began: () => this.seen,
    base: '/move',
    within: '/config',
    beside: ['/cron'],
    overtaken: (now) => {
      const after = rebased(this.value(), this.seen, now.config);
      this.version = now.version;
      this.value.set(after.value);
      return after;
    },
  });
}

const refusal = (more: object) => () =>
  Promise.reject(new ProblemError({ type: 'x', title: 'Refusé', status: 422, code: 'validation', ...more }));

describe('sending a form of a schema', () => {
  async function open(): Promise<Page> {
    TestBed.configureTestingModule({ providers: [provideTranslations(), provideHttpClient()] });
    await TestBed.inject(Language).use('fr');
    return TestBed.createComponent(Page).componentInstance;
  }

  it('wants what is required, once somebody has tried', async () => {
    const { sending, value } = await open();
    value.set({ url: '' });
    expect(sending.errors().size).toBe(0);
    let sent = 0;
    const send = (): Promise<void> => {
      sent++;
      return Promise.resolve();
    };
    await sending.run(send);
    expect([...sending.errors()]).toEqual([['/move/url', 'Ce champ est obligatoire']]);
    value.set({ url: 'b' });
    await sending.run(send);
    expect(sent).toBe(1);
  });

  it('puts the server’s messages where the page has their fields, and the rest above', async () => {
    const { sending } = await open();
    await sending.run(
      refusal({
        fields: [
          { field: '/config/url', code: 'x', message: 'Fausse' },
          { field: '/cron', code: 'x', message: 'Cinq champs' },
          { field: '/secrets', code: 'x', message: 'Clé fausse' },
        ],
      }),
    );
    expect([...sending.errors()]).toEqual([
      ['/move/url', 'Fausse'],
      ['/cron', 'Cinq champs'],
      ['/secrets', 'Clé fausse'],
    ]);
    expect(sending.refusal()).toEqual({ tone: 'bad', lines: ['Refusé', 'Clé fausse'] });
  });

  it('after a lost race keeps what was typed on top of what is there now', async () => {
    const page = await open();
    page.value.set({ url: 'mine', pause: 1 });
    await page.sending.run(
      refusal({ status: 412, code: 'stale', current: { version: 7, config: { url: 'a', pause: 9 } } }),
    );
    expect(page.value()).toEqual({ url: 'mine', pause: 9 });
    expect(page.version).toBe(7);
    expect(page.sending.refusal()?.tone).toBe('warn');
    expect(page.sending.refusal()?.lines[1]).toBe('Changé entre-temps et repris ici\u00a0: Pause.');
  });
});
