import { descriptorNamed } from '../../../sources/descriptor-name.js';

/** Opened like files, these would be emptied, replaced or written from the start; they name what is already open. */
const STANDARD_OUTPUT: ReadonlySet<string> = new Set(['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1']);

/** Whether the value of `--output`, if any, means standard output. */
export function isStandardOutput(path: string | undefined): boolean {
  return path === undefined || STANDARD_OUTPUT.has(path) || descriptorNamed(path) === 1;
}
