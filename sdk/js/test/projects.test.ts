//! Runs `afpi plugin new --lang ts` as an author would. A new project of every kind installs, builds, and passes its
//! tests and its check. The example in this repository and the tutorial do too.

import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { afpi } from '../src/testing/process.js';

const MINUTES = 60_000;
const root = mkdtempSync(join(tmpdir(), 'afpi-plugin-projects-'));
const example = fileURLToPath(new URL('../../../examples/opco-guard', import.meta.url));
const tutorial = fileURLToPath(new URL('../../../docs/tutorial.md', import.meta.url));

/** The environment without the variables of this test runner. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|AFPI_(?!BIN))|^(NODE_ENV|TEST|DEV|PROD|MODE|NODE_OPTIONS)$/.test(name),
  ),
);

async function run(dir: string, program: string, ...args: string[]): Promise<string> {
  const ended = promisify(execFile)(program, args, { cwd: dir, env, maxBuffer: 1 << 24 });
  const { stdout } = await ended.catch(({ stdout, stderr }: { stdout: string; stderr: string }) => {
    throw new Error(`${program} ${args.join(' ')} in ${dir}:\n${stdout}\n${stderr}`);
  });
  return stdout;
}

/** The project's tests pass, and its check reports only that it is not signed. */
async function isSound(dir: string): Promise<void> {
  await run(dir, afpi(), 'plugin', 'test');
  const { ok, findings } = JSON.parse(
    await run(dir, afpi(), 'plugin', '--json', 'check', `dist/unsigned/${basename(dir)}.wasm`),
  );
  const wrong = findings.filter(
    ({ level, what }: { level: string; what: string }) => level !== 'ok' && !what.includes('not signed'),
  );
  expect([ok, wrong]).toEqual([true, []]);
}

/** All projects use the packages of the first one. */
function lend(dir: string): void {
  symlinkSync(join(root, 'essai-notifier/node_modules'), join(dir, 'node_modules'));
}

beforeAll(async () => {
  await run(root, afpi(), 'plugin', 'new', 'essai-notifier', '--kind', 'notifier', '--lang', 'ts');
  // The project has the same versions as this package, so npm can use the downloaded packages.
  await run(join(root, 'essai-notifier'), 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund');
}, 3 * MINUTES);

afterAll(() => rmSync(root, { recursive: true }));

test('the versions of a project are those this package is tested with', () => {
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')).devDependencies as Record<string, string>;
  const own = read(fileURLToPath(new URL('../package.json', import.meta.url)));
  for (const dependencies of [read(join(root, 'essai-notifier/package.json')), read(join(example, 'package.json'))]) {
    expect([dependencies['typescript'], dependencies['vitest']]).toEqual([own['typescript'], own['vitest']]);
  }
});

test('a project holds the SDK it is built with, and names no folder of this machine', () => {
  const dir = realpathSync(join(root, 'essai-notifier'));
  expect(realpathSync(join(dir, 'node_modules/afpi-plugin'))).toBe(join(dir, 'vendor/afpi-plugin'));
  const checkout = realpathSync(fileURLToPath(new URL('../../..', import.meta.url)));
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(
    (file) => !file.startsWith('node_modules') && statSync(join(dir, file)).isFile(),
  );
  expect(files).toContain('vendor/afpi-plugin/wit/host/host.wit');
  expect(files.filter((file) => readFileSync(join(dir, file), 'utf8').includes(checkout))).toEqual([]);
});

test('a new notifier is sound', () => isSound(join(root, 'essai-notifier')), 2 * MINUTES);

test.each(['workflow', 'objectives', 'connector', 'hook'])(
  'a new %s is sound',
  async (kind) => {
    await run(root, afpi(), 'plugin', 'new', `essai-${kind}`, '--kind', kind, '--lang', 'ts');
    const dir = join(root, `essai-${kind}`);
    lend(dir);
    await isSound(dir);
  },
  2 * MINUTES,
);

test(
  'the example is sound',
  async () => {
    const dir = join(root, 'opco-guard');
    cpSync(example, dir, { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) });
    lend(dir);
    await isSound(dir);
  },
  2 * MINUTES,
);

test(
  'what the tutorial says is sound',
  async () => {
    const dir = join(root, 'chat-room-ts');
    await run(root, afpi(), 'plugin', 'new', 'chat-room-ts', '--kind', 'notifier', '--lang', 'ts');
    lend(dir);
    // A code block belongs to the last file named before it.
    const blocks = [...readFileSync(tutorial, 'utf8').matchAll(/`([^`\n]+)`[^`]*\n```(toml|ts)\n(.*?\n)```\n/gs)];
    for (const [, file, , text] of blocks)
      writeFileSync(join(dir, file!), text!.replace('id = "chat-room"', 'id = "chat-room-ts"'));
    expect(blocks.map(([, file]) => file)).toEqual(['plugin.toml', 'src/plugin.ts', 'tests/plugin.test.ts']);
    await isSound(dir);
  },
  2 * MINUTES,
);

test(
  'types that do not fit are an error of the build, and dev does not wait for them',
  async () => {
    const dir = join(root, 'essai-notifier');
    const source = join(dir, 'src/plugin.ts');
    const good = readFileSync(source, 'utf8');
    writeFileSync(source, good.replace('subject.budget', 'subject.bugdet'));
    await expect(run(dir, afpi(), 'plugin', 'build')).rejects.toThrow(/src\/plugin.ts\(\d+,\d+\): error TS2551/);
    await run(dir, afpi(), 'plugin', 'build', '--no-types');
    writeFileSync(source, good);
  },
  2 * MINUTES,
);
