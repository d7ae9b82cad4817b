// @ts-check

/** The suites that `node:crypto` streams: AES-256-GCM-SIV takes only whole messages, and SM4-GCM is missing. */
export const RAW_CIPHERS = {
  'AES-256-GCM': { name: 'aes-256-gcm', keySize: 32 },
  'AES-128-GCM': { name: 'aes-128-gcm', keySize: 16 },
  'CHACHA20-POLY1305': { name: 'chacha20-poly1305', keySize: 32 },
};

/** @typedef {keyof typeof RAW_CIPHERS} RawSuite */

/**
 * @param {import('sealpipe').SuiteName} suite
 * @returns {suite is RawSuite}
 */
export function hasRawCipher(suite) {
  return suite in RAW_CIPHERS;
}

/**
 * The raw stream that a contender is compared with: that of the same cipher, if Node has one.
 *
 * @param {import('./contender.mjs').Spec} spec
 * @returns {import('./contender.mjs').RawSpec}
 */
export function rawPeer(spec) {
  const suite = 'suite' in spec && hasRawCipher(spec.suite) ? spec.suite : 'AES-256-GCM';
  return { kind: 'raw', suite };
}
