/**
 * Plugin files for tests: a packed plugin under another id or version, by rewriting the manifest in its custom section.
 */
import { readFileSync } from 'node:fs';

/** A packed plugin for a file input. */
export interface PluginFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const SECTION = 'afpi:manifest';

function readLeb(bytes: Buffer, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes.readUInt8(at++);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at];
  }
}

function leb(value: number): Buffer {
  const bytes: number[] = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value > 0);
  return Buffer.from(bytes);
}

function custom(name: string, content: string): Buffer {
  const section = Buffer.concat([leb(name.length), Buffer.from(name), Buffer.from(content)]);
  return Buffer.concat([Buffer.from([0]), leb(section.length), section]);
}

/** The same file with this icon. */
export function pictured(file: PluginFile, svg: string): PluginFile {
  return { ...file, buffer: Buffer.concat([file.buffer, custom('afpi:icon', svg)]) };
}

/** `dist/plugins/<name>.wasm` with these members in its manifest. */
export function pluginFile(name: string, manifest: Record<string, unknown>): PluginFile {
  return rewritten(readFileSync(new URL(`../../../dist/plugins/${name}.wasm`, import.meta.url)), manifest);
}

/** An unsigned packed plugin with these members in its manifest. */
export function rewritten(bytes: Buffer, manifest: Record<string, unknown>): PluginFile {
  for (let at = 8; at < bytes.length;) {
    const [size, body] = readLeb(bytes, at + 1);
    const end = body + size;
    if (bytes[at] === 0) {
      const [length, from] = readLeb(bytes, body);
      if (bytes.toString('utf8', from, from + length) === SECTION) {
        const now = JSON.parse(bytes.toString('utf8', from + length, end)) as { id: string } & Record<string, unknown>;
        const next = { ...now, ...manifest };
        const buffer = Buffer.concat([
          bytes.subarray(0, at),
          custom(SECTION, JSON.stringify(next)),
          bytes.subarray(end),
        ]);
        return { name: `${next.id}.wasm`, mimeType: 'application/wasm', buffer };
      }
    }
    at = end;
  }
  throw new Error('a file without a manifest');
}
