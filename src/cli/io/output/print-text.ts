import { openStandardOutput } from './standard-output.js';
import { writeText } from './write-text.js';

/** Writes text to standard output and waits until it has been written. */
export async function printText(text: string): Promise<void> {
  await writeText(text, await openStandardOutput({ path: undefined, force: false, isText: true }));
}
