import { random } from 'afpi-plugin';

/** 16 hexadecimal digits. */
export function nonce(): string {
  return [...random.bytes(8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
