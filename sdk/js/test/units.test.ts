//! The parts that need no component: amounts, texts, schemas, errors, and the data types of the harness.

import { describe, expect, test } from 'vitest';
import { answer, ask, ContractError, denied, required } from '../src/errors.js';
import { boolean, choice, integer, json, list, money, object, string } from '../src/schema.js';
import { decode as fromHarness, encode as toHarness } from '../src/testing/codec.js';
import { opportunite } from '../src/testing/index.js';
import { change, document, fields, withDocument } from '../src/documents.js';
import { divide, english, french } from '../src/money.js';
import { decode, encode } from '../src/utf8.js';
import { entreprise } from '../src/testing/index.js';

describe('amounts', () => {
  test('of every size', () => {
    expect([0, 99, 100_000, -5, -123_456_789].map(french)).toEqual([
      '0,00\u00a0€',
      '0,99\u00a0€',
      '1\u00a0000,00\u00a0€',
      '-0,05\u00a0€',
      '-1\u00a0234\u00a0567,89\u00a0€',
    ]);
    expect(english(123_456)).toBe('€1,234.56');
    expect(() => french(0.5)).toThrow(RangeError);
  });

  test('halves go away from zero', () => {
    expect([divide(5, 2), divide(-5, 2), divide(7, 3), divide(2, -4), divide(0, -3), divide(1, 3)]).toEqual([
      3, -3, 2, -1, 0, 0,
    ]);
    expect(() => divide(1, 0)).toThrow(RangeError);
  });
});

describe('texts', () => {
  test('are the bytes that Node makes of them, and back', () => {
    for (const text of [
      '',
      'plain',
      'Été à 12 % € 🦀\n\u0000',
      'x'.repeat(10_000) + '€'.repeat(10_000),
      'half \ud83e',
    ]) {
      expect(encode(text)).toEqual(new TextEncoder().encode(text));
      expect(decode(encode(text))).toBe(text.toWellFormed());
    }
  });

  test('broken bytes are replaced', () => {
    for (const bytes of [[0xff], [0xc3], [0xe2, 0x82, 0x41], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0x41, 0x80]]) {
      expect(decode(new Uint8Array(bytes))).toContain('\ufffd');
    }
    expect(decode(new Uint8Array([0xe2, 0x82, 0x41]))).toBe('\ufffdA');
  });
});

describe('schemas', () => {
  const unit = choice(
    { fr: 'Unité', en: 'Unit' },
    { day: { fr: 'Jour', en: 'Day' }, hour: { fr: 'Heure', en: 'Hour' } },
  );
  const form = object({
    title: string({ fr: 'Titre', en: 'Title', required: true, maxLength: 80 }),
    amount: money({
      fr: 'Montant',
      en: 'Amount',
      minimum: 0,
      default: 500,
      help: { fr: 'Hors taxes', en: 'Excl. VAT' },
    }),
    on: boolean({ fr: 'Actif', en: 'On' }),
    unit,
    lines: list(
      { fr: 'Lignes', en: 'Lines', maxItems: 3 },
      object({ days: integer({ fr: 'Jours', en: 'Days', default: 1 }) }),
    ),
  });

  test('say labels, order, defaults and what is needed', () => {
    expect(JSON.parse(json(form))).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        title: { title: 'Titre', 'x-title-en': 'Title', type: 'string', maxLength: 80 },
        amount: {
          title: 'Montant',
          'x-title-en': 'Amount',
          description: 'Hors taxes',
          'x-description-en': 'Excl. VAT',
          'x-widget': 'money',
          type: 'integer',
          minimum: 0,
          default: 500,
        },
        on: { title: 'Actif', 'x-title-en': 'On', type: 'boolean' },
        unit: {
          title: 'Unité',
          'x-title-en': 'Unit',
          default: 'day',
          oneOf: [
            { const: 'day', title: 'Jour', 'x-title-en': 'Day' },
            { const: 'hour', title: 'Heure', 'x-title-en': 'Hour' },
          ],
        },
        lines: {
          title: 'Lignes',
          'x-title-en': 'Lines',
          type: 'array',
          maxItems: 3,
          items: {
            type: 'object',
            properties: { days: { title: 'Jours', 'x-title-en': 'Days', type: 'integer', default: 1 } },
            'x-order': ['days'],
            additionalProperties: false,
          },
        },
      },
      required: ['title'],
      'x-order': ['title', 'amount', 'on', 'unit', 'lines'],
      additionalProperties: false,
    });
  });

  test('read what fits and fill in what is absent', () => {
    expect(form.read({ title: 'a', amount: null, lines: [{}, { days: 4 }] })).toEqual({
      title: 'a',
      amount: 500,
      on: false,
      unit: 'day',
      lines: [{ days: 1 }, { days: 4 }],
    });
    expect(form.read(undefined)).toEqual(form.absent);
  });

  test('need something to choose from', () => {
    expect(() => choice({ fr: 'Rien', en: 'Nothing' }, {})).toThrow('nothing to choose from');
  });
});

describe('documents', () => {
  const form = object({ need: string({ fr: 'Besoin', en: 'Need' }) });

  test('are read by their form and put back beside the others', () => {
    const subject = opportunite({ data: '{"collecte":{"a":1}}' });
    expect(document(subject, 'request', form)).toEqual({ need: '' });
    expect(JSON.parse(withDocument(subject, 'request', { need: 'x' }))).toEqual({
      collecte: { a: 1 },
      request: { need: 'x' },
    });
    expect(fields<{ opco: string }>(entreprise({ data: '{"opco":"AKTO"}' })).opco).toBe('AKTO');
    expect(change<{ target: string }>({ data: '' }).target).toBeUndefined();
  });
});

describe('errors', () => {
  test('cross the boundary as what they are', () => {
    expect(() =>
      ask(() => {
        throw Object.assign(new Error('wrapped'), { payload: { tag: 'unavailable', val: 'away' } });
      }),
    ).toThrow(ContractError);
    expect(() =>
      ask(() => {
        throw new TypeError('mine');
      }),
    ).toThrow(TypeError);
    expect(
      caught(() =>
        answer(() => {
          throw denied('non', 'no');
        }),
      ),
    ).toEqual({ tag: 'denied', val: { fr: 'non', en: 'no' } });
    expect(
      caught(() =>
        answer(() => {
          throw new RangeError('too far');
        }),
      ),
    ).toMatchObject({ tag: 'other', val: expect.stringContaining('too far') });
    expect(required('/a').message).toBe('invalid: /a Required');
  });

  function caught(call: () => unknown): unknown {
    try {
      return call();
    } catch (thrown) {
      return thrown;
    }
  }
});

describe('the words of the harness', () => {
  test('are those of Rust', () => {
    const message = {
      kind: 'a',
      to: [{ tag: 'owner' }, { tag: 'role', val: 'manager' }],
      title: { fr: 'a', en: 'b' },
      body: { fr: '', en: '' },
      link: '/',
      dedupeKey: 'k',
    };
    const sent = toHarness({ list: { named: 'message' } }, 'notifier', [message]);
    expect(sent).toEqual(
      [{ ...message, to: ['Owner', { Role: 'manager' }], dedupeKey: undefined, dedupe_key: 'k' }].map(
        ({ dedupeKey, ...rest }) => rest,
      ),
    );
    expect(fromHarness({ list: { named: 'message' } }, 'notifier', sent)).toEqual([message]);
    expect(fromHarness({ named: 'direction' }, 'workflow', 'Forward')).toBe('forward');
    expect(
      toHarness({ named: 'attainment' }, 'objectives', {
        percent: undefined,
        runRate: 7,
        level: 'none',
        label: { fr: '', en: '' },
      }),
    ).toMatchObject({
      percent: null,
      run_rate: 7,
    });
    expect(toHarness({ named: 'figure' }, 'objectives', { tag: 'ratio', val: [1, 2] })).toEqual({ Ratio: [1, 2] });
    expect(fromHarness({ named: 'error' }, 'types', { NotFound: 'x' })).toEqual({ tag: 'not-found', val: 'x' });
    expect(() => toHarness({ named: 'audience' }, 'notifier', { tag: 'everybody' })).toThrow(
      'user, role, owner, other',
    );
  });
});
