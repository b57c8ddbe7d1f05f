import { describe, expect, it } from 'vitest';
import { ImportField } from '../../../api/models/import-field';
import { written } from './values';

describe('a value', () => {
  it('is written as a cell of a file has it', () => {
    const of = (shape: ImportField['shape'], value: unknown): string => written({ shape } as ImportField, value);
    expect([of('euros', 245000), of('percent', 550), of('hours', 450), of('count', 12)]).toEqual([
      '2450,00',
      '5,50',
      '7h30',
      '12',
    ]);
    expect(of('dated', [{ name: 'CACES', expiresOn: '2027-12-31' }, { name: 'SST' }])).toBe('CACES (31/12/2027), SST');
    expect([of('words', ['TIG', 'MIG']), of('text', null), written(undefined, 'x')]).toEqual(['TIG, MIG', '', 'x']);
  });
});
