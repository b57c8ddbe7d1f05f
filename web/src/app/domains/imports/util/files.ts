/** What can be handed in. Pure. */

/** The server's limit in bytes. */
const LARGEST = 10 * 1024 * 1024;

/** Endings that a file chooser offers. */
export const ACCEPTED = '.csv,.txt,.tsv,.xlsx';

/** Why a file need not be sent; `null` when it may be valid. */
export function refusalOf(file: {
  name: string;
  size: number;
}): 'imports.empty' | 'imports.kind' | 'imports.large' | null {
  if (!/\.(csv|txt|tsv|xlsx)$/i.test(file.name)) return 'imports.kind';
  if (file.size === 0) return 'imports.empty';
  return file.size > LARGEST ? 'imports.large' : null;
}

/** The media type that the server wants: browsers call a CSV file differently on each system. */
export function mediaType(name: string): string {
  return /\.xlsx$/i.test(name) ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : 'text/csv';
}
