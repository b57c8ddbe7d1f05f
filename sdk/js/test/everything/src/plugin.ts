//! A notifier whose events are orders: each one tries something and logs the result as JSON.

import {
  clock,
  ContractError,
  context,
  defineNotifier,
  events,
  http,
  integer,
  jobs,
  kv,
  log,
  metrics,
  object,
  problem,
  query,
  random,
  rateLimited,
  records,
  secrets,
  text,
  unavailable,
} from '../../../src/index.js';

const settings = object({
  start: integer({ fr: 'Début', en: 'Start', default: 9 }),
  end: integer({ fr: 'Fin', en: 'End', default: 17 }),
});

/** What the plugin does for each order. Orders that query records read one page. */
const orders: Record<string, () => unknown> = {
  clock: () => clock.now(),
  random: () => [...random.bytes(4)],
  context: () => context.current(),
  secrets: () => [secrets.has('token'), secrets.has('other')],
  kv() {
    kv.setJson('é', { deep: ['œuvre', '🦀'] });
    kv.set('gone', new Uint8Array([0, 255]));
    const bytes = [...(kv.get('gone') ?? [])];
    kv.remove('gone');
    return [kv.getJson('é'), bytes, kv.get('gone'), kv.keys()];
  },
  records() {
    const { items, next } = records.opportunites({ status: 'en_cours_collecte', createdSince: 0 }, { limit: 1 });
    return [
      items.map(({ numero }) => numero),
      next !== null,
      records.entreprise(items[0]!.entreprise).city,
      records.entreprises({ active: false }).items,
    ];
  },
  query() {
    const named = query
      .of('contact')
      .ge('rank', 2)
      .oneOf('lastName', ['Petit', 'Roux'])
      .ne('email', 'x')
      .order('-rank');
    const [first] = named;
    const { items, next } = query.of('contact').limit(2).page();
    return [
      [...named.limit(1)].map((entry) => query.read<{ lastName: string }>(entry).lastName),
      [items.length, next !== null, query.of('contact').present('email').count()],
      query.fetch([{ kind: 'contact', id: first!.id }], 'rank').map(({ data, version }) => [data, version]),
      query.describe('contact').map(({ name, sortable }) => [name, sortable]),
    ];
  },
  'query outside': () => query.of('salle').page(),
  'query wrongly': () => query.of('contact').lt('lastName', 'A').page(),
  missing: () => records.opportunite('0195a000-0000-7000-8000-00000000ffff'),
  jobs: () => [
    jobs.enqueue('remind', { payload: { a: 1 }, afterMs: 60_000, once: 'a' }),
    jobs.enqueue('remind', { once: 'a' }),
  ],
  events: () => events.emit('late', { days: 3 }),
  metrics() {
    metrics.add('seen');
    metrics.add('seen', 2);
    metrics.set('open', -4);
  },
  http() {
    const answer = http.send('put', 'https://api.example.fr/a', {
      json: { é: 1 },
      headers: { 'x-one': '1' },
      secretHeaders: { authorization: { prefix: 'Bearer ', secret: 'token' } },
    });
    return [answer.status, answer.ok, answer.header('Content-Type'), answer.json(1000), answer.chunk()];
  },
  long: () => http.get('https://api.example.fr/long').text(10),
  elsewhere: () => http.get('https://elsewhere.example.fr/'),
  caught() {
    try {
      return http.get('https://elsewhere.example.fr/');
    } catch (error) {
      return error instanceof ContractError && [error.tag, typeof error.message];
    }
  },
  later: () => {
    throw rateLimited(1500);
  },
  broken: () => (null as unknown as { nothing: string }).nothing,
  date: () => [Date.UTC(2026, 0, 5), new Date(0).toISOString(), new Date('2026-01-05T08:00:00Z').getTime()],
  now: () => Date.now(),
  'new date': () => new Date(),
  chance: () => Math.random(),
};

export default defineNotifier({
  settings,
  validate: ({ start, end }) =>
    end > start ? [] : [problem('/end', 'out-of-range', 'La fin précède le début.', 'The end comes before the start.')],
  migrate: (from, old) => ({ ...(old as object), end: from === '0.0.1' ? 18 : 17 }),
  kinds: ({ start }) => [{ id: 'a', label: text(`Dès ${start} h`, `From ${start}`), channels: ['app'] }],
  notify(_, { name }) {
    console.log('asked for', name);
    log.debug(JSON.stringify(orders[name]?.() ?? null));
    return [];
  },
  findCompanies(_, { wanted, postcode }) {
    if (wanted.tag !== 'name') throw unavailable('only names');
    const { name } = http.get(`https://api.example.fr/${wanted.val}`).json<{ name: string }>(1 << 10);
    return [
      {
        name,
        siret: '73282932000074',
        vatNumber: '',
        nafCode: '',
        nafNomenclature: '',
        address: { line1: '', line2: '', postcode, city: 'Laon', country: 'FR' },
        idcc: ['3248'],
        headcount: { least: 10, most: null },
        closed: false,
      },
    ];
  },
  job(_, kind, payload, attempt) {
    if (kind === 'retry') return { tag: 'retry', val: attempt * 1000 };
    if (kind === 'throw') throw new Error('not today');
    return kind === 'fail' ? { tag: 'fail', val: JSON.stringify(payload) } : { tag: 'done' };
  },
});
