/** What a suite of FORMAT 3 needs: sizes in bytes. */
export interface Suite {
  readonly keySize: number;
  readonly nonceSize: number;
}

/** The suites by name. Every tag is 16 bytes. */
export const SUITES = {
  'AES-256-GCM': { keySize: 32, nonceSize: 12 },
  'AES-128-GCM': { keySize: 16, nonceSize: 12 },
  'CHACHA20-POLY1305': { keySize: 32, nonceSize: 12 },
  'AES-256-GCM-SIV': { keySize: 32, nonceSize: 12 },
  'SM4-GCM': { keySize: 16, nonceSize: 12 },
} as const satisfies Readonly<Record<string, Suite>>;

export type CipherSuite = keyof typeof SUITES;

/** The suite of a name in upper or lower case; undefined for anything else. */
export function suiteNamed(name: unknown): CipherSuite | undefined {
  if (typeof name !== 'string') return undefined;
  const wanted = name.toLowerCase();
  return (Object.keys(SUITES) as CipherSuite[]).find((suite) => suite.toLowerCase() === wanted);
}

export const TAG_SIZE = 16;
