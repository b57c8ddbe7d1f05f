/** Plugin files for tests: a packed plugin under another id or version, by rewriting the manifest in its custom section. */
import { readFileSync } from 'node:fs';

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

/** `dist/plugins/<name>.wasm` with these members of the manifest in place of its own; ready for a file input. */
export function pluginFile(name: string, manifest: Record<string, unknown>): { name: string; mimeType: string; buffer: Buffer } {
  const bytes = readFileSync(new URL(`../../../dist/plugins/${name}.wasm`, import.meta.url));
  for (let at = 8; at < bytes.length; ) {
    const [size, body] = readLeb(bytes, at + 1);
    const end = body + size;
    if (bytes[at] === 0) {
      const [length, from] = readLeb(bytes, body);
      if (bytes.toString('utf8', from, from + length) === SECTION) {
        const now = JSON.parse(bytes.toString('utf8', from + length, end)) as Record<string, unknown>;
        const content = Buffer.concat([leb(SECTION.length), Buffer.from(SECTION), Buffer.from(JSON.stringify({ ...now, ...manifest }))]);
        const buffer = Buffer.concat([bytes.subarray(0, at), Buffer.from([0]), leb(content.length), content, bytes.subarray(end)]);
        return { name: `${name}.wasm`, mimeType: 'application/wasm', buffer };
      }
    }
    at = end;
  }
  throw new Error(`${name}.wasm has no manifest`);
}
