// The running topology, for the walker: its addresses, and what can be done to its parts.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { call, pause } from './people.mjs';

const run = promisify(execFile);
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const DIR = resolve(ROOT, process.env.AFPI_TOPOLOGY_DIR ?? '.cache/topology');
const SCRIPT = join(ROOT, 'scripts/topology.sh');

/** `backend-1` → its port; also SECRET and PASSWORD. */
export function settings() {
  const lines = readFileSync(join(DIR, 'settings'), 'utf8').trim().split('\n');
  const all = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return { all, port: (name) => Number(all[name.toUpperCase().replaceAll('-', '_')]) };
}

export const topology = (...words) => run(SCRIPT, words, { cwd: ROOT, maxBuffer: 1 << 24 });

/** Rows of a query on the primary or another server, as lists of texts. */
export async function sql(query, server = 'mariadb') {
  const socket = join(DIR, 'run', `${server}.sock`);
  const { stdout } = await run(
    'mariadb',
    ['--no-defaults', `--socket=${socket}`, '--user=root', '--batch', '--skip-column-names', '--execute', query],
    { maxBuffer: 1 << 26 },
  );
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'));
}

const open = (port) =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => (socket.destroy(), done(true)));
    socket.on('error', () => done(false));
  });

/** Does the part do its work again? An HTTP part answers, another takes connections. */
export async function back(name, { port }, limit = 60_000) {
  const until = Date.now() + limit;
  while (Date.now() < until) {
    const works = /^backend|^worker/.test(name)
      ? (await call(port(name.startsWith('backend') ? `${name}-direct` : name), 'GET', '/readyz', { timeout: 2000 }))
          .status === 200
      : await open(port(/^(balancer)$/.test(name) ? name : `${name}-direct`));
    if (works) return;
    await pause(50);
  }
  throw new Error(`${name} has not come back within ${limit / 1000} s`);
}

/** What is done to a part, and how it ends. */
export const FAULTS = {
  kill: { begin: ['kill'], end: ['start'] },
  freeze: { begin: ['pause'], end: ['resume'] },
  cut: { begin: ['cut'], end: ['mend'] },
  restart: { begin: ['stop'], end: ['start'] },
};
