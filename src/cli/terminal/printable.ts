export { listed, printable, printableJson, quoted, shortened } from '../../text/printable.js';

/** A path as a POSIX shell takes it. */
export function shellQuoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
