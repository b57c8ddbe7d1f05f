import { describe, expect, it } from 'vitest';
import { clockOf } from './clock';

describe('a time of day', () => {
  it('is read as people type it', () => {
    expect(['8h30', '8:30', '08:30', '830', '0830', '8', '8 h', ' 17H00 '].map(clockOf)).toEqual([
      '08:30',
      '08:30',
      '08:30',
      '08:30',
      '08:30',
      '08:00',
      '08:00',
      '17:00',
    ]);
  });
  it('stays as it is when it is none', () => {
    expect(['', '25:00', '08:60', 'midi', '8h3'].map(clockOf)).toEqual(['', '25:00', '08:60', 'midi', '8h3']);
  });
});
