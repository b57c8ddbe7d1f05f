import { ProblemError } from '../http/problem';
import { CarryOut, Done } from './carry-out';

interface Thing {
  id: string;
  version: number;
  owner: string;
}
const things = (n: number): Thing[] => Array.from({ length: n }, (_, at) => ({ id: `t${at}`, version: 1, owner: 'a' }));
const refusal = (code: string, current?: Thing): ProblemError =>
  new ProblemError({ type: 'about:blank', title: code, status: 412, code, ...(current ? { current } : {}) });

describe('an act on many records', () => {
  it('is done a few at a time, tells each result, and can be taken back whole', async () => {
    let [open, most] = [0, 0];
    const store = new Map(things(10).map((thing) => [thing.id, thing]));
    const write = async (id: string, owner: string): Promise<Thing> => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve));
      open--;
      const now = { id, owner, version: (store.get(id)?.version ?? 0) + 1 };
      store.set(id, now);
      return now;
    };
    const told: string[] = [];
    const run = new CarryOut<Thing>(
      things(10),
      async ({ id, owner }): Promise<Done<Thing> | null> =>
        id === 't3' ? null : { now: await write(id, 'b'), back: () => write(id, owner) },
      ({ id }) => told.push(id),
    );
    await run.run();
    expect(most).toBe(4);
    expect([run.state(), run.done().size, run.same(), run.sent()]).toEqual(['done', 9, 1, 10]);
    expect(told).toHaveLength(9);
    for (const back of run.backs().values()) await back();
    expect([...store.values()].map(({ owner }) => owner)).toEqual(Array.from({ length: 10 }, () => 'a'));
  });

  it('names what was refused, and tries it again as somebody else has saved it', async () => {
    const current = { id: 't1', version: 9, owner: 'c' };
    const run = new CarryOut<Thing>(
      things(3),
      (thing) => (thing.id === 't1' ? Promise.reject(refusal('stale', current)) : Promise.resolve({ now: thing })),
      () => undefined,
    );
    await run.run();
    expect(run.refused().map(({ row }) => row.id)).toEqual(['t1']);
    expect(run.again()).toEqual([current]);
    expect(run.backs().size).toBe(0);
  });

  it('ends when it is stopped, and when the server is away', async () => {
    const stopped = new CarryOut<Thing>(
      things(50),
      (thing) => {
        if (thing.id === 't7') stopped.stop();
        return Promise.resolve({ now: thing });
      },
      () => undefined,
    );
    await stopped.run();
    expect(stopped.state()).toBe('stopped');
    expect(stopped.sent()).toBeLessThan(15);

    const away = new CarryOut<Thing>(
      things(50),
      () => Promise.reject(refusal('offline')),
      () => undefined,
    );
    await away.run();
    expect(away.state()).toBe('stopped');
    expect(away.refused().length).toBeLessThanOrEqual(4);
  });
});
