import { signal } from '@angular/core';
import { JsonObject, fieldsOf, shownAt } from './schema';
import { standing } from './standing';

describe('what is said of a field', () => {
  it('stands until the field reads otherwise, and no longer', () => {
    const document = signal<JsonObject>({ a: '', rows: [{ b: 1 }, { b: 2 }] });
    const said = signal<ReadonlyMap<string, string>>(new Map());
    const shown = standing(said, document, () => '/s');
    said.set(
      new Map([
        ['/s/a', 'missing'],
        ['/s/rows/1/b', 'wrong'],
        ['/cron', 'elsewhere'],
      ]),
    );
    expect([...shown().keys()]).toEqual(['/s/a', '/s/rows/1/b', '/cron']);
    document.set({ a: 'x', rows: [{ b: 1 }, { b: 2 }] });
    expect([...shown().keys()]).toEqual(['/s/rows/1/b', '/cron']);
    document.set({ a: 'x', rows: [{ b: 1 }, { b: 3 }] });
    expect([...shown().keys()]).toEqual(['/cron']);
    said.set(new Map([['/s/a', 'wrong again']]));
    expect([...shown().values()]).toEqual(['wrong again']);
  });

  it('is shown at the field, else at the row or the list around it', () => {
    const fields = fieldsOf({
      type: 'object',
      properties: {
        rows: {
          type: 'array',
          items: { type: 'object', properties: { b: { type: 'string' }, no: { type: 'string', readOnly: true } } },
        },
        total: { type: 'integer', readOnly: true },
      },
    });
    const document: JsonObject = { rows: [{ b: 'x' }, { no: 'F1' }] };
    expect(shownAt('/rows/0/b', fields, document)).toBe('/rows/0/b');
    expect(shownAt('/rows/0/no', fields, document)).toBe('/rows/0');
    expect(shownAt('/rows/1/no', fields, document)).toBe('/rows/1/no');
    expect(shownAt('/rows/7/b', fields, document)).toBe('/rows');
    expect(shownAt('/rows/0/c', fields, document)).toBe('/rows/0');
    expect(shownAt('/total', fields, document)).toBe('');
    expect(shownAt('/other/0', fields, document)).toBe('');
  });
});
