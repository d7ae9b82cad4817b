/**
 * The AEAD suites of FORMAT 3. The default is `AES-256-GCM`. Data keys have 32 bytes, or 16 with `AES-128-GCM` and
 * `SM4-GCM`.
 */
export type SuiteName = 'AES-256-GCM' | 'AES-128-GCM' | 'CHACHA20-POLY1305' | 'AES-256-GCM-SIV' | 'SM4-GCM';

/** A row of FORMAT 3: the code in the prologue, and sizes in bytes. */
export interface Suite {
  readonly id: number;
  readonly keySize: number;
  readonly nonceSize: number;
}

/** The suites by name. */
export const SUITES: Readonly<Record<SuiteName, Suite>> = {
  'AES-256-GCM': { id: 1, keySize: 32, nonceSize: 12 },
  'AES-128-GCM': { id: 2, keySize: 16, nonceSize: 12 },
  'CHACHA20-POLY1305': { id: 3, keySize: 32, nonceSize: 12 },
  'AES-256-GCM-SIV': { id: 4, keySize: 32, nonceSize: 12 },
  'SM4-GCM': { id: 5, keySize: 16, nonceSize: 12 },
};

/** The names of the suites, in the order of their codes. */
export const SUITE_NAMES = Object.keys(SUITES) as readonly SuiteName[];

/** The suite with this name in upper or lower case; undefined for anything else. */
export function suiteNamed(name: unknown): SuiteName | undefined {
  if (typeof name !== 'string') return undefined;
  const wanted = name.toLowerCase();
  return SUITE_NAMES.find((suite) => suite.toLowerCase() === wanted);
}

/** Bytes of the commitment to a data key, in every suite. */
export const COMMITMENT_SIZE = 32;
/** Bytes of an authentication tag, in every suite. */
export const TAG_SIZE = 16;
