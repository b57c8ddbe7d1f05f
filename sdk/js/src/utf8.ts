//! Converts texts to bytes and back. A component has no `TextEncoder`.

/** UTF-8. */
export function encode(text: string): Uint8Array {
  // Percent-escapes are UTF-8 by definition (ECMA-262, Encode). Half a surrogate pair is replaced, as `TextEncoder`
  // does.
  const escaped = encodeURIComponent(text.toWellFormed());
  const bytes = new Uint8Array(escaped.length);
  let length = 0;
  for (let at = 0; at < escaped.length; at++) {
    const escape = escaped.charCodeAt(at) === 0x25;
    bytes[length++] = escape ? Number.parseInt(escaped.slice(at + 1, at + 3), 16) : escaped.charCodeAt(at);
    if (escape) at += 2;
  }
  return bytes.slice(0, length);
}

/** From UTF-8. Invalid bytes are replaced by U+FFFD. */
export function decode(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let codes: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const { code, size } = point(bytes, at);
    codes.push(code);
    at += size;
    if (codes.length === 4096) {
      pieces.push(String.fromCodePoint(...codes));
      codes = [];
    }
  }
  return pieces.join('') + String.fromCodePoint(...codes);
}

/** The code point that begins at `at`. */
function point(bytes: Uint8Array, at: number): { code: number; size: number } {
  const first = bytes[at]!;
  if (first < 0x80) return { code: first, size: 1 };
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  let code = first & (0xff >> (size + 1));
  for (let next = 1; next < size; next++) {
    const byte = bytes[at + next];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return { code: 0xfffd, size: next };
    code = (code << 6) | (byte & 0x3f);
  }
  const least = [0x80, 0x800, 0x10000][size - 2]!;
  const fits = first >= 0xc2 && first < 0xf5 && code >= least && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return fits ? { code, size } : { code: 0xfffd, size: 1 };
}
