// Activates a new version of the workflow while people work: the packed plugin that comes with the product, under the next
// version number, signed with a key of its own.
import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DIR, ROOT } from './topology.mjs';

const run = promisify(execFile);
/** Reads a LEB128 number. Returns it and where it ends. */
function leb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 0x7f) << shift;
    if (!(byte & 0x80)) return [value, at];
  }
}
function toLeb(value) {
  const bytes = [];
  do bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
  while ((value >>= 7));
  return Buffer.from(bytes);
}

/** The component with another manifest: a custom section of the file itself (sdk/manifest). */
function withManifest(file, change) {
  const parts = [file.subarray(0, 8)];
  for (let at = 8; at < file.length;) {
    const [length, body] = leb(file, at + 1);
    const end = body + length;
    let section = file.subarray(at, end);
    if (file[at] === 0) {
      const [size, begins] = leb(file, body);
      const name = file.subarray(begins, begins + size).toString();
      if (name === 'afpi:manifest') {
        const json = Buffer.from(JSON.stringify(change(JSON.parse(file.subarray(begins + size, end)))));
        const inner = Buffer.concat([toLeb(size), Buffer.from(name), json]);
        section = Buffer.concat([Buffer.from([0]), toLeb(inner.length), inner]);
      }
    }
    parts.push(section);
    at = end;
  }
  return Buffer.concat(parts);
}

/** Returns when the new version is active on every node. */
export async function upgrade({ all, port }) {
  const folder = join(DIR, 'upgrade');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const name = (await readdir(join(ROOT, 'dist/plugins'))).find((file) => file.startsWith('workflow'));
  let version;
  const next = withManifest(await readFile(join(ROOT, 'dist/plugins', name)), (manifest) => {
    version = manifest.version.replace(/\d+$/, (last) => Number(last) + 1);
    return { ...manifest, version };
  });
  const [file, key] = [join(folder, name), join(folder, 'key')];
  await writeFile(file, next);
  const env = {
    ...process.env,
    AFPI_URL: `http://127.0.0.1:${port('balancer')}`,
    AFPI_EMAIL: 'admin@topology.test',
    AFPI_PASSWORD: all.PASSWORD,
  };
  const plugin = (...words) => run(all.AFPI, ['plugin', ...words], { env });
  await plugin('keygen', key, '--name', 'Topology');
  await plugin('sign', file, '--key', key);
  await plugin('trust', 'add', `${key}.pub`);
  // The host gives a compilation a minute, which a busy machine may need more than once.
  const slow = (error) => {
    if (!`${error.stdout}${error.stderr}`.includes('took longer')) throw error;
    return plugin('install', file, '--consent');
  };
  const { stdout } = await plugin('install', file, '--consent').catch(slow).catch(slow);
  if (!stdout.includes('the version is active')) throw new Error(`the upgrade: ${stdout}`);
  // Every node looks for changes every 3 s.
  await new Promise((done) => setTimeout(done, 4000));
  return Date.now();
}
