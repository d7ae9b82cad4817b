import { timingSafeEqual } from 'node:crypto';

/** Whether two byte strings are equal, in a time that depends on their lengths alone. */
export function equalSecrets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Replaces a wiped key. No cipher takes a key of this size, so nothing is sealed or opened under a key of zeros. */
export const NO_KEY: Buffer = Buffer.alloc(0);
