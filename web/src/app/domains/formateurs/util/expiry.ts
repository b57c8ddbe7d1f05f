/** What of a trainer expires next. Pure. */
import { FormateurExpiry } from '../../../api/models/formateur-expiry';

/** Days before the end from which it is told. */
const SOON = 30;
const DAY_MS = 24 * 3600 * 1000;

export interface Standing {
  name: string;
  on: string;
  /** How many days are left; negative when it has expired. */
  left: number;
}

/** What has expired or will within a month, the first one first. */
export function standings(expiries: readonly FormateurExpiry[], today: string): Standing[] {
  return expiries
    .map(({ name, expiresOn }) => ({
      name: name ?? '',
      on: expiresOn,
      left: Math.round((Date.parse(expiresOn) - Date.parse(today)) / DAY_MS),
    }))
    .filter(({ left }) => left <= SOON)
    .sort((one, other) => one.left - other.left);
}
