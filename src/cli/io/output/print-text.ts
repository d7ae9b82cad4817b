import { openStandardOutput } from './standard-output.js';
import { writeText } from './write-text.js';

const TEXT = { path: undefined, force: false, isText: true } as const;

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
  await writeText(text, await openStandardOutput({ ...TEXT, mayVanish }));
}

/**
 * Checks that standard output can be written, before work is done whose report would be lost. Writes nothing.
 *
 * @throws (rejects) CommandError with status 1
 */
export async function assertPrintable(): Promise<void> {
  const output = await openStandardOutput(TEXT);
  await output.discard();
}
