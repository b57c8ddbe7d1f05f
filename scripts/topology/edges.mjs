// What nginx adds and must not change: files and headers as the host sends them, its own errors, ids, streams.
import { readFile, readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { call } from './people.mjs';
import { DIR, ROOT } from './topology.mjs';

/** Headers that say nothing about the file. */
const OWN = [
  'date',
  'server',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'x-request-id',
  'etag',
  'last-modified',
  'accept-ranges',
];

function comparable({ status, headers }) {
  const kept = Object.entries(headers).filter(([name]) => !OWN.includes(name));
  return {
    status,
    ...Object.fromEntries(
      kept.map(([name, value]) => [
        name,
        String(value)
          .replace(/nonce-[^']+/, 'nonce')
          .replace('; charset=utf-8', '')
          .toLowerCase(),
      ]),
    ),
  };
}

function differences(host, front) {
  const [a, b] = [comparable(host), comparable(front)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => a[name] !== b[name])
    .map((name) => `${name}: the host ${a[name]}, the front ${b[name]}`);
}

export async function edges({ port, people }) {
  const results = [];
  const test = async (name, body) => {
    const complaints = [];
    await body((fine, text) => fine || complaints.push(text)).catch((error) => complaints.push(error.message));
    results.push([`nginx: ${name}`, complaints]);
  };
  const [balancer, backend] = [port('balancer'), port('backend-1-direct')];
  const files = (await readdir(join(ROOT, 'dist/web'))).filter((file) => !/\.(br|html)$/.test(file));
  const hashed = files.find((file) => /^main-.*\.js$/.test(file)) ?? files.find((file) => /-[^-.]{8}\.js$/.test(file));
  const plain = files.find((file) => /\.(svg|ico|txt|json|webmanifest)$/.test(file) && !/[-.][^-.]{8}\./.test(file));

  for (const [name, path, encoding] of [
    ['the page', '/'],
    ['an address of the application', '/opportunites/tableau'],
    ['a hashed file', `/${hashed}`, 'br'],
    ['another file', `/${plain}`],
  ]) {
    await test(`${name} comes as from the host`, async (expect) => {
      const headers = { 'accept-encoding': encoding ?? 'identity' };
      const [host, front] = [
        await call(backend, 'GET', path, { headers }),
        await call(balancer, 'GET', path, { headers }),
      ];
      for (const difference of differences(host, front)) expect(false, difference);
      expect(front.status === 200 && front.headers['x-request-id'], 'no correlation id');
      if (encoding) expect(front.headers['content-encoding'] === encoding, 'not compressed');
    });
  }
  await test('each page has a nonce of its own', async (expect) => {
    const pages = [await call(balancer, 'GET', '/'), await call(balancer, 'GET', '/')];
    const nonces = pages.map(({ headers }) => /'nonce-([^']+)'/.exec(headers['content-security-policy'])?.[1]);
    expect(nonces[0] && nonces[0] !== nonces[1], 'the nonce is not new');
    pages.forEach(({ text }, n) =>
      expect(!text.includes('__NONCE__') && text.includes(nonces[n]), 'the page has another nonce than its header'),
    );
  });
  for (const [path, status] of [
    ['/nothing-12345678.js', 404],
    ['/metrics', 404],
    ['/readyz', 404],
  ]) {
    await test(`${path} answers ${status}`, async (expect) => {
      const answer = await call(balancer, 'GET', path);
      expect(
        answer.status === status &&
          answer.headers['content-type'] === 'application/problem+json' &&
          answer.json?.correlationId === answer.headers['x-request-id'],
        `${answer.status} ${answer.text}`,
      );
    });
  }
  await test('a large body is a problem', async (expect) => {
    const answer = await people[0].ask('POST', '/api/entreprises', { body: Buffer.alloc(3 << 20) });
    people[0].ledger.requests.pop();
    expect(answer.status === 413 && answer.json?.code === 'too-large', `${answer.status} ${answer.text}`);
  });
  await test('a correlation id goes through, and what is none is replaced', async (expect) => {
    const mine = `topology-${Date.now()}`;
    const kept = await call(balancer, 'GET', '/api/auth/me', { headers: { 'x-request-id': mine } });
    expect(kept.headers['x-request-id'] === mine && kept.json?.correlationId === mine, 'a valid id was replaced');
    const replaced = await call(balancer, 'GET', '/api/auth/me', { headers: { 'x-request-id': 'a b' } });
    expect(/^[0-9a-f]{32}$/.test(replaced.headers['x-request-id']), 'an invalid id was kept');
    const logs = await Promise.all(
      ['balancer', 'front-1', 'front-2'].map((part) => readFile(join(DIR, 'log', `${part}.log`), 'utf8')),
    );
    const tiers = logs
      .join('')
      .split('\n')
      .filter((line) => line.includes(mine))
      .map((line) => JSON.parse(line).tier);
    expect(tiers.sort().join() === 'balancer,front', `it is in the logs of ${tiers}`);
  });
  await test('a forged X-Forwarded-For is not believed', async (expect) => {
    const answer = await call(balancer, 'POST', '/api/auth/login', {
      body: { email: 'nobody@topology.test', password: 'wrong password 1' },
      headers: { 'x-forwarded-for': '198.51.100.9' },
    });
    expect(answer.status === 401, `${answer.status}`);
    const logs = (await Promise.all([1, 2].map((n) => readFile(join(DIR, 'log', `backend-${n}.log`), 'utf8')))).join(
      '',
    );
    expect(!logs.includes('198.51.100.9') && logs.includes('login failed'), 'the log has the forged address');
  });
  await test('the stream of notifications is not held back', async (expect) => {
    const first = await new Promise((done) => {
      const began = Date.now();
      const stream = request(
        {
          host: '127.0.0.1',
          port: balancer,
          path: '/api/notifications/stream',
          headers: { authorization: `Bearer ${people[0].token}` },
        },
        (answer) => {
          answer.once('data', () => (done(Date.now() - began), stream.destroy()));
        },
      );
      stream.on('error', () => done(Infinity));
      setTimeout(() => (done(Infinity), stream.destroy()), 5000);
      stream.end();
    });
    expect(first < 5000, 'nothing came within 5 s');
  });
  return results;
}
