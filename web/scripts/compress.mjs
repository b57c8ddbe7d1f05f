// Brotli copies, so that the server never compresses at run time.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const COMPRESSIBLE = /\.(js|css|svg|json|txt|webmanifest)$/;

/** Writes a brotli copy beside each text file of a folder. */
export function compress(root) {
  let before = 0;
  let after = 0;
  for (const name of readdirSync(root, { recursive: true })) {
    const path = join(root, name);
    // index.html gets a new nonce at each request, so it is never served pre-compressed.
    if (!COMPRESSIBLE.test(name) || !statSync(path).isFile()) continue;
    const plain = readFileSync(path);
    const packed = brotliCompressSync(plain, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
    });
    if (packed.length >= plain.length) continue;
    writeFileSync(`${path}.br`, packed);
    before += plain.length;
    after += packed.length;
  }
  console.log(`brotli: ${(before / 1024).toFixed(0)} kB -> ${(after / 1024).toFixed(0)} kB`);
}
