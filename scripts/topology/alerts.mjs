// Provokes alerts, and waits until the real Prometheus fires them and Alertmanager has told people, by mail and webhook.
import { createServer as http } from 'node:http';
import { createServer as tcp } from 'node:net';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Ledger, Person, call, pause } from './people.mjs';
import { sql, topology } from './topology.mjs';

const run = promisify(execFile);
/** The longest `for` of an alert below is 5 minutes; scrape, evaluation and grouping come on top. */
const PATIENCE = 8 * 60_000;

/** Takes what Alertmanager sends. */
function sinks({ port }) {
  const told = { webhook: new Set(), mail: new Set() };
  const webhook = http((request, response) => {
    let text = '';
    request.on('data', (part) => (text += part));
    request.on('end', () => {
      for (const { labels } of JSON.parse(text).alerts) told.webhook.add(labels.alertname);
      response.end();
    });
  }).listen(port('webhook'), '127.0.0.1');
  // As much SMTP as one client needs.
  const mailbox = tcp((socket) => {
    let mail;
    socket.on('error', () => {});
    socket.setEncoding('utf8');
    socket.write('220 topology\r\n');
    socket.on('data', (text) => {
      if (mail !== undefined) {
        mail += text;
        if (!mail.endsWith('\r\n.\r\n')) return;
        for (const [name] of mail.replace(/=\r\n/g, '').matchAll(/\b(?:Afpi|Mariadb|Redis|Nginx)[A-Z]\w+/g))
          told.mail.add(name);
        mail = undefined;
        return void socket.write('250 taken\r\n');
      }
      if (/^DATA/i.test(text)) {
        mail = '';
        socket.write('354 go on\r\n');
      } else if (/^QUIT/i.test(text)) socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    });
  }).listen(port('mailbox'), '127.0.0.1');
  return { told, close: () => (webhook.close(), mailbox.close()) };
}

const redis = (port, ...words) => run('redis-cli', ['-p', String(port), ...words]).then(({ stdout }) => stdout.trim());

/** What is done, and the alert that must fire. The first ones go together; the last ones need everything else again. */
function steps({ all, port }) {
  const stop = (part) => () => topology(part, 'kill');
  const start = (part) => () => topology(part, 'start');
  const direct = (part) => port(`${part}-direct`);
  const first = [
    ['AfpiDown', stop('backend-2'), start('backend-2')],
    ['AfpiWorkerDown', stop('worker'), start('worker')],
    ['NginxDown', stop('front-2'), start('front-2')],
    ['RedisDown', stop('redis-6'), start('redis-6')],
    [
      'MariadbReplicaStopped',
      () => sql('STOP SLAVE SQL_THREAD', 'mariadb-replica'),
      () => sql('START SLAVE', 'mariadb-replica'),
    ],
    [
      'RedisNotPersistent',
      () => redis(direct('redis-5'), 'config', 'set', 'appendonly', 'no'),
      () => redis(direct('redis-5'), 'config', 'set', 'appendonly', 'yes'),
    ],
    [
      'RedisMemory',
      async () => {
        const used = Number(/used_memory:(\d+)/.exec(await redis(direct('redis-4'), 'info', 'memory'))[1]);
        await redis(direct('redis-4'), 'config', 'set', 'maxmemory', String(Math.round(used * 1.1)));
      },
      () => redis(direct('redis-4'), 'config', 'set', 'maxmemory', '256mb'),
    ],
    ['AfpiSignInsRefused', () => guess(port('balancer'))],
  ];
  // The queue of this program goes away while there is work for it.
  if (!all.CLUSTER)
    first.push([
      'AfpiOutboxOld',
      async () => (await topology('redis-0', 'kill'), await work({ all, port })),
      start('redis-0'),
    ]);
  const last = [
    ['MariadbDown', stop('mariadb'), start('mariadb')],
    ['AfpiGone', async () => (await stop('backend-1')(), await stop('backend-2')()), start('backend-1')],
    ['AfpiUnreachable', async () => {}],
  ];
  return [first, last];
}

/** One address guesses the passwords of many accounts. */
async function guess(port) {
  for (let n = 0; n < 55; n++) {
    await call(port, 'POST', '/api/auth/login', {
      body: { email: `nobody-${n}@topology.test`, password: 'a wrong password' },
    });
  }
}

/** Creates something that has to be announced. */
async function work({ all, port }) {
  const person = new Person(port('balancer'), 'person-0@topology.test', new Ledger());
  await person.signIn(all.PASSWORD);
  for (let n = 0; n < 3; n++) await person.createCompany();
  await person.createOpportunite();
}

export async function alerts(context) {
  const { port } = context;
  const { told, close } = sinks(context);
  const results = [];
  const seen = new Set();
  const look = async () => {
    const answer = await call(port('prometheus'), 'GET', '/api/v1/alerts');
    for (const { labels, state } of answer.json.data.alerts) if (state === 'firing') seen.add(labels.alertname);
  };
  try {
    for (const group of steps(context)) {
      // Sign-ins are still possible when work is made; guesses come last.
      const order = [...group].sort(
        ([a], [b]) =>
          (a === 'AfpiSignInsRefused') - (b === 'AfpiSignInsRefused') ||
          (b === 'AfpiOutboxOld') - (a === 'AfpiOutboxOld'),
      );
      for (const [, begin] of order) await begin();
      const until = Date.now() + PATIENCE;
      const missing = () => group.map(([name]) => name).filter((name) => !seen.has(name));
      while (missing().length && Date.now() < until) {
        await pause(3000);
        await look();
      }
      for (const [name] of group)
        results.push([`alert ${name}`, seen.has(name) ? [] : [`it did not fire within ${PATIENCE / 60_000} minutes`]]);
      // Alertmanager gathers for 10 s before it tells people.
      await pause(20_000);
      for (const [, , end] of group) await end?.();
    }
    const fired = [...seen];
    // What has a known cause is not told: `inhibit_rules`.
    const due = fired.filter((name) =>
      ['RedisDown', 'NginxDown', 'AfpiWorkerDown', 'MariadbDown', 'AfpiSignInsRefused'].includes(name),
    );
    results.push(['alerts reach the webhook', due.filter((name) => !told.webhook.has(name))]);
    results.push(['alerts come as mail', due.filter((name) => !told.mail.has(name))]);
    console.log(`fired: ${fired.sort().join(', ')}`);
  } finally {
    close();
  }
  return results;
}
