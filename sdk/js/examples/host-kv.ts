import { kv } from 'afpi-plugin';

/** True the first time it is asked about a key. */
export function firstTime(key: string): boolean {
  const seen = kv.getJson<boolean>(key) ?? false;
  kv.setJson(key, true);
  return !seen;
}
