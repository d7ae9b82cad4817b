import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { optionsRangeError } from '../errors.js';

/** Digests of plaintext that a report can contain. */
export type DigestName = 'sha256';

/** A digest, if one was requested. @throws RangeError `ERR_SEALPIPE_OPTIONS` for an unknown one */
export function digestOf(name: DigestName | undefined): Hash | undefined {
  if (name === undefined) return undefined;
  if (name !== 'sha256') throw optionsRangeError("`digest` must be 'sha256'");
  return createHash(name);
}
