export { listed, printable, printableJson, quoted, shortened } from '../../text/printable.js';

/** A path, quoted for a POSIX shell. */
export function shellQuoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
