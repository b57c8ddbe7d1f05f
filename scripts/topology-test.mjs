#!/usr/bin/env node
// Walks the topology (scripts/topology.sh): 50 requests a second by signed-in people, while each part in turn is killed,
// frozen, cut off and restarted. Nothing acknowledged may be lost, nobody may read older than what he has just written,
// and errors may come only while the part is away and 5 s after, each as a problem with Retry-After.
//
//   node scripts/topology-test.mjs [--short] [--keep | --running] [--only <part>[:<fault>] | nothing | edges | rolling | plugin | dashboards | alerts]
//
// --short walks the four parts that matter most; --keep leaves the topology running, and
// --running walks one that runs. Ends with: N passed, N failed.
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { alerts } from './topology/alerts.mjs';
import { dashboards } from './topology/dashboards.mjs';
import { edges } from './topology/edges.mjs';
import { Ledger, Load, Person, pause } from './topology/people.mjs';
import { FAULTS, back, settings, sql, topology } from './topology/topology.mjs';
import { upgrade } from './topology/upgrade.mjs';

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean' },
    keep: { type: 'boolean' },
    running: { type: 'boolean' },
    only: { type: 'string' },
  },
});
const RATE = 50;
/** Open sessions, of so many accounts: the host bounds what one person does at a time. */
const PEOPLE = 60;
const ACCOUNTS = 20;
/** How long a part is away, how long errors may go on, and how long is watched after that, in ms. */
const AWAY = options.short ? 2000 : 5000;
const GRACE = 5000;
const WATCH = options.short ? 500 : 3000;
const [onlyPart, onlyFault] = options.only?.split(':') ?? [];

let passed = 0;
let failed = 0;
function check(name, complaints) {
  if (complaints.length === 0) passed++;
  else {
    failed++;
    console.log(`FAILED ${name}: ${complaints.join('; ')}`);
  }
}

if (!options.running) {
  const { stdout, stderr, code } = await topology('start').catch((error) => error);
  process.stdout.write(stdout);
  if (code) {
    console.log(`${stderr}\n0 passed, 1 failed`);
    await topology('stop');
    process.exit(1);
  }
}
const { all, port } = settings();
const ledger = new Ledger();
const people = Array.from(
  { length: PEOPLE },
  (_, n) => new Person(port('balancer'), `person-${n % ACCOUNTS}@topology.test`, ledger),
);
let lost = new Set();

/** What was acknowledged and is not there, or is there twice. Others are written meanwhile. */
async function missing() {
  const companies = [...ledger.companies].map(([id, entry]) => [id, entry, { ...entry }]);
  const opportunites = [...ledger.opportunites];
  const named = new Map(
    (await sql("SELECT LOWER(HEX(id)), name, COALESCE(notes, '') FROM afpi.entreprises")).map(([id, ...rest]) => [
      id,
      rest,
    ]),
  );
  const titled = new Map(await sql('SELECT LOWER(HEX(id)), title FROM afpi.opportunites'));
  const plain = (id) => id.replaceAll('-', '');
  const gone = [];
  for (const [id, now, then] of companies) {
    const [name, kept] = named.get(plain(id)) ?? [];
    const notes = [then.notes, then.trying, now.notes, now.trying].map((text) => text ?? '');
    if (name !== then.name || !notes.includes(kept ?? '')) gone.push(`entreprise ${id}`);
  }
  for (const [id, title] of opportunites) if (titled.get(plain(id)) !== title) gone.push(`opportunité ${id}`);
  for (const [table, column] of [
    ['entreprises', 'name'],
    ['opportunites', 'title'],
  ]) {
    const twice = await sql(
      `SELECT ${column} FROM afpi.${table} WHERE ${column} LIKE 'Topologie %' GROUP BY ${column} HAVING COUNT(*) > 1`,
    );
    gone.push(...twice.map(([name]) => `twice: ${name}`));
  }
  return gone;
}

const WIDTHS = [16, 8, 6, 7, 6, 5, 5, 7, 5, 5];
const rows = [];
/** Watches one event. `away` says between which moments errors are allowed. */
async function cell(part, fault, act, { bare = false, errors: allowed = true } = {}) {
  const [first, stale] = [ledger.requests.length, ledger.stale.length];
  const from = Date.now();
  let restored;
  let trouble;
  try {
    restored = await act();
  } catch (error) {
    trouble = String(error.message ?? error)
      .split('\n')
      .slice(0, 3)
      .join(' ');
    restored = Date.now();
  }
  await pause(Math.max(0, restored + GRACE + WATCH - Date.now()));
  const seen = ledger.requests.slice(first);
  // A key's first try died with its node: until its lease ends (30 s), the second one is asked to wait.
  const waits = seen.filter(({ code }) => code === 'idempotency-in-progress');
  const wrong = seen.filter(
    ({ status, code }) => (status === 0 || status >= 400) && code !== 'idempotency-in-progress',
  );
  const late = wrong.filter(({ at, began }) => at > restored + GRACE && began > restored);
  const plain = wrong.filter(({ problem }) => !problem);
  const refused = wrong.filter(({ status }) => status >= 400 && status < 500);
  const good = [from, ...seen.filter(({ status }) => status >= 200 && status < 400).map(({ at }) => at), Date.now()];
  const gap = Math.max(...good.slice(1).map((at, n) => at - good[n]));
  const gone = (await missing()).filter((what) => !lost.has(what));
  lost = new Set([...lost, ...gone]);
  const older = ledger.stale.slice(stale);
  rows.push([
    part,
    fault,
    seen.length,
    wrong.length,
    waits.length,
    plain.length,
    late.length,
    `${(gap / 1000).toFixed(1)} s`,
    gone.length,
    older.length,
  ]);
  console.log(
    rows
      .at(-1)
      .map((value, n) => String(value).padEnd(WIDTHS[n]))
      .join(' '),
    kinds(wrong),
  );
  check(`${part} ${fault}`, [
    ...(trouble ? [trouble] : []),
    ...(gone.length ? [`lost: ${gone.slice(0, 3).join(', ')}`] : []),
    ...(older.length
      ? [
          `stale: ${older
            .slice(0, 3)
            .map(({ path, status }) => `${path} ${status}`)
            .join(', ')}`,
        ]
      : []),
    ...(plain.length && !bare ? [`no problem with Retry-After: ${kinds(plain)}`] : []),
    ...(late.length ? [`more than ${GRACE / 1000} s after: ${kinds(late)}`] : []),
    ...(refused.length ? [`refused: ${kinds(refused)}`] : []),
    ...(!allowed && wrong.length ? [`errors although nothing was away: ${kinds(wrong)}`] : []),
    ...(seen.length < 10 ? ['nearly no requests were made'] : []),
  ]);
}

function kinds(answers) {
  const counts = new Map();
  for (const { what, status, code, component } of answers) {
    const kind = [what, status || 'broken', code, component].filter(Boolean).join(' ');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 5)
    .map(([kind, count]) => `${count} × ${kind}`)
    .join(', ');
}

/** The part is away for a while. Returns when it came back. */
async function harm(part, { begin, end }) {
  await topology(part, ...begin);
  await pause(AWAY);
  await topology(part, ...end);
  await back(part, { port });
  return Date.now();
}

async function rolling() {
  for (const part of ['backend-1', 'backend-2', 'front-1', 'front-2']) {
    await topology(part, 'stop');
    await topology(part, 'start');
    await back(part, { port });
    // nginx leaves a server out for two seconds.
    await pause(3000);
  }
  return Date.now();
}

let load;
try {
  await accounts();
  for (const person of people) await person.signIn(all.PASSWORD);
  load = new Load(people, RATE);
  load.start();
  console.log(
    ['part', 'fault', 'reqs', 'errors', 'waits', 'bare', 'late', 'gap', 'lost', 'stale']
      .map((value, n) => value.padEnd(WIDTHS[n]))
      .join(' '),
  );
  const chosen = (part, fault) => (!onlyPart || onlyPart === part) && (!onlyFault || onlyFault === fault);
  if (chosen('nothing')) await cell('nothing', '-', async () => (await pause(AWAY), Date.now()), { errors: false });
  if (chosen('edges')) for (const [name, complaints] of await edges({ port, people })) check(name, complaints);
  if (chosen('rolling')) await cell('rolling', 'restart', rolling);
  if (chosen('plugin')) await cell('plugin', 'upgrade', () => upgrade({ all, port }), { errors: false });
  const cluster = Boolean(all.CLUSTER);
  const parts = [
    'backend-1',
    'mariadb',
    cluster ? 'redis-1' : 'redis-0',
    'front-1',
    ...(options.short
      ? []
      : ['mariadb-replica', 'worker', 'backend-2', 'front-2', 'balancer', ...(cluster ? ['redis-2'] : [])]),
  ];
  for (const part of parts) {
    for (const [fault, verbs] of Object.entries(FAULTS)) {
      // Nothing is in front of the balancer: nobody can cut it off, and while it is away nobody answers. The short walk has
      // restarted backends and fronts in turn already.
      const rolled = options.short && fault === 'restart' && /^(backend|front)/.test(part);
      if (!chosen(part, fault) || rolled || (part === 'balancer' && fault === 'cut')) continue;
      await cell(part, fault, () => harm(part, verbs), { bare: part === 'balancer' });
    }
  }
  if (chosen('dashboards')) for (const [name, complaints] of await dashboards({ port })) check(name, complaints);
  await load.stop();
  if (!onlyPart) check('jobs', await drained());
  // The real rules with their real times: about ten minutes.
  if (chosen('alerts') && !options.short)
    for (const [name, complaints] of await alerts({ all, port })) check(name, complaints);
} catch (error) {
  check('the walk', [error.stack]);
} finally {
  await load?.stop();
  if (load?.late) console.log(`${load.late} requests were not made, because all ${PEOPLE} people waited`);
  if (!options.keep && !options.running) await topology('stop');
}
const [, load5] = loadavg();
if (load5 > 2 * availableParallelism()) {
  console.log(
    `The machine was busy (load ${load5.toFixed(0)} on ${availableParallelism()} cores): requests and plugins may have run into their limits of time.`,
  );
}
console.log(
  `${ledger.companies.size} companies and ${ledger.opportunites.size} opportunités acknowledged, ${ledger.requests.length} requests`,
);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);

async function accounts() {
  const admin = new Person(port('balancer'), 'admin@topology.test', ledger);
  await admin.signIn(all.PASSWORD);
  for (let n = 0; n < ACCOUNTS; n++) {
    const body = {
      email: `person-${n}@topology.test`,
      name: `Person ${n}`,
      roleId: 'responsable_commercial',
      localisationIds: [],
      password: all.PASSWORD,
    };
    const answer = await admin.ask('POST', '/api/users', { body });
    if (answer.status !== 201 && answer.json?.code !== 'duplicate')
      throw new Error(`no account: ${answer.status} ${answer.text}`);
  }
}

/** What was committed becomes jobs, and they end: none waits in the outbox, none was given up. */
async function drained() {
  for (let tries = 0; tries < 120; tries++) {
    const [[outbox]] = await sql('SELECT COUNT(*) FROM afpi.outbox');
    if (outbox === '0') break;
    await pause(500);
  }
  const [[outbox]] = await sql('SELECT COUNT(*) FROM afpi.outbox');
  return outbox === '0' ? [] : [`${outbox} jobs are still in the outbox after a minute`];
}
