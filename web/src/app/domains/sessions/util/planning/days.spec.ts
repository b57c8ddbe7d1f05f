import { daysOf, followed, nextSlot, slotsOf, stepped } from './days';

describe('days of a planning', () => {
  it('begin with Monday in a week, and with the first in a month', () => {
    expect(daysOf('semaine', '2027-03-14')).toEqual(
      [8, 9, 10, 11, 12, 13, 14].map((day) => `2027-03-${String(day).padStart(2, '0')}`),
    );
    expect(daysOf('mois', '2028-02-29')).toHaveLength(29);
    expect(daysOf('mois', '2027-12-31').at(0)).toBe('2027-12-01');
    expect(daysOf('jour', '2027-03-09')).toEqual(['2027-03-09']);
  });

  it('step by their view, and stay within a shorter month', () => {
    expect(stepped('semaine', '2027-01-01', -1)).toBe('2026-12-25');
    expect(stepped('mois', '2027-01-31', 1)).toBe('2027-02-28');
    expect(stepped('mois', '2027-01-15', -1)).toBe('2026-12-15');
    expect(stepped('jour', '2027-02-28', 1)).toBe('2027-03-01');
  });

  it('have two half-days each', () => {
    expect(slotsOf(['2027-03-09'])).toEqual([
      { day: '2027-03-09', half: 'am' },
      { day: '2027-03-09', half: 'pm' },
    ]);
  });

  it('go on after a weekend and a holiday', () => {
    // 1 May 2026 is a Friday.
    expect(nextSlot({ day: '2026-04-30', half: 'pm' })).toEqual({ day: '2026-05-04', half: 'am' });
    expect(nextSlot({ day: '2026-04-30', half: 'am' })).toEqual({ day: '2026-04-30', half: 'pm' });
  });

  it('keep their distance when the first one moves', () => {
    const slots = [
      { day: '2027-03-11', half: 'pm' },
      { day: '2027-03-12', half: 'am' },
      { day: '2027-03-15', half: 'am' },
    ] as const;
    // Thursday afternoon goes to Friday afternoon: what follows crosses the weekend.
    expect(followed(slots, { day: '2027-03-12', half: 'pm' })).toEqual([
      { day: '2027-03-12', half: 'pm' },
      { day: '2027-03-15', half: 'am' },
      { day: '2027-03-16', half: 'am' },
    ]);
    expect(followed([], { day: '2027-03-12', half: 'pm' })).toEqual([]);
  });
});
