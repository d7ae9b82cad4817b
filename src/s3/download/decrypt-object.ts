import type { Readable } from 'node:stream';
import type { Recipient, StreamHeader } from '../../format/stream-header.js';
import type { Pace } from '../store/pace.js';
import { PACE } from '../store/pace.js';
import type { DecryptObjectOptions } from './decrypt-object-options.js';
import { decryptObjectSettings } from './decrypt-object-options.js';
import { ObjectDecryption } from './object-decryption.js';

/** The plaintext of an object. `header` is emitted when the commitment has been checked, and before the first byte. */
export interface DecryptedObject extends Readable {
  /** What the preamble says; set from the `header` event on. */
  readonly header: StreamHeader | undefined;
  /** The recipient that opened the object; set from the `header` event on. */
  readonly recipient: Recipient | undefined;
  /** Bytes of the object taken so far. */
  readonly bytesIn: number;
  /** Bytes of plaintext pushed so far. */
  readonly bytesOut: number;
  /** Whole frames opened so far. */
  readonly framesOut: number;
  /** `header` is emitted once, when the keys are there and before any output. */
  on(event: 'header', listener: (header: StreamHeader) => void): this;
  /** Like any Readable. */
  on(event: string | symbol, listener: (...args: never[]) => void): this;
  /** Like `on`. `events.once(stream, 'header')` rejects if the stream fails first. */
  once(event: 'header', listener: (header: StreamHeader) => void): this;
  /** Like any Readable. */
  once(event: string | symbol, listener: (...args: never[]) => void): this;
}

/**
 * Makes a stream of an object's plaintext. Its first request is sent at once. No plaintext leaves before its frame's tag
 * has been verified, and only when the stream has ended without an error is the plaintext known to be complete.
 *
 * A connection that breaks, or moves no byte for 60 s while bytes are wanted, is replaced at most 5 times: the stream goes
 * on at the beginning of the frame that broke, in the same version of the object.
 *
 * An object opens only in the place where it was sealed, unless `location` says otherwise.
 *
 * The stream fails (`error`) like that of `createDecryptStream`; with `ERR_SEALPIPE_STORE` for what the store refuses,
 * or if it answers with other bytes than were asked for; with `ERR_SEALPIPE_CHANGED` if the object is replaced while it
 * is read.
 *
 * @throws TypeError or RangeError `ERR_SEALPIPE_OPTIONS`, or TypeError `ERR_SEALPIPE_CONTEXT`, for options that are not
 * legal
 * @example
 * const plaintext = decryptObject({ client: new S3Client({}), bucket: 'backups', key: 'db.sealed', keys });
 * await pipeline(plaintext, createWriteStream('db.sql'));
 */
export function decryptObject(options: DecryptObjectOptions): DecryptedObject {
  return decryptAtPace(options, PACE);
}

/** The same, with other times. */
export function decryptAtPace(options: DecryptObjectOptions, pace: Pace): DecryptedObject {
  return new ObjectDecryption(decryptObjectSettings(options), pace);
}
