import { readSteps, stepsFor } from './first-steps';

const of = (...rights: string[]): string[] => stepsFor((right) => rights.includes(right)).map(({ id }) => id);

describe('first steps', () => {
  it('are four, and those that the rights allow', () => {
    expect(of('opportunites:create')).toEqual(['secure', 'open', 'sessions', 'task']);
    expect(of('creances:write')).toEqual(['secure', 'invoices', 'sessions', 'task']);
    expect(of()).toEqual(['secure', 'sessions', 'task', 'figures']);
    expect(of('entites:write', 'users:write', 'plugins:install', 'opportunites:create')).toEqual([
      'entity',
      'people',
      'plugins',
      'secure',
    ]);
  });

  it('are read from what was kept, without words of another version', () => {
    expect([...readSteps('secure,unknown,task')]).toEqual(['secure', 'task']);
    expect(readSteps(null).size).toBe(0);
  });
});
