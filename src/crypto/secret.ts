import { timingSafeEqual } from 'node:crypto';

/** Overwrites secrets with zeros, as soon as they are no longer needed and on every error path. */
export function wipe(...secrets: (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0);
}

/** Whether two byte strings are equal, in a time that depends on their lengths alone. */
export function equalSecrets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What a wiped key is replaced by: of no cipher's size, so that nothing is sealed or opened under a key of zeros. */
export const NO_KEY: Buffer = Buffer.alloc(0);
