import { rawKey } from '../../src/keys/raw.js';

/** A provider for tests that are not about providers. */
export const keys = rawKey({ name: 'test', key: Buffer.alloc(32, 7) });

/** The same name over another wrapping key: it matches, and unwraps nothing. */
export const impostor = rawKey({ name: 'test', key: Buffer.alloc(32, 8) });

/** Another name: it does not match. */
export const strangers = rawKey({ name: 'strangers', key: Buffer.alloc(32, 9) });
