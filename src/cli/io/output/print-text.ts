import { openStandardOutput } from './standard-output.js';
import { writeText } from './write-text.js';

/**
 * Writes text to standard output and waits until it has been written.
 *
 * @param mayVanish whether a closed standard output is acceptable, because the status says enough
 * @throws (rejects) CommandError with status 1 if it cannot be written
 */
export async function printText(
  text: string,
  { mayVanish = false }: { readonly mayVanish?: boolean } = {},
): Promise<void> {
  const wish = { path: undefined, force: false, isText: true, mayVanish };
  await writeText(text, await openStandardOutput(wish));
}
