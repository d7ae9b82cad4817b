import type { Readable } from 'node:stream';
import type { Recipient, StreamHeader } from '../../format/stream-header.js';

/** The plaintext of an object. `header` is emitted when the commitment has been checked, and before the first byte. */
export interface DecryptedObject extends Readable {
  /** The content of the preamble; set from the `header` event on. */
  readonly header: StreamHeader | undefined;
  /** The recipient that opened the object; set from the `header` event on. */
  readonly recipient: Recipient | undefined;
  /** Bytes of the object taken so far. */
  readonly bytesIn: number;
  /** Bytes of plaintext pushed so far. */
  readonly bytesOut: number;
  /** Whole frames opened so far. */
  readonly framesOut: number;
  /** `header` is emitted once, when the keys are known and before any output. */
  on(event: 'header', listener: (header: StreamHeader) => void): this;
  /** Like any Readable. */
  on(event: string | symbol, listener: (...args: never[]) => void): this;
  /** Like `on`. `events.once(stream, 'header')` rejects if the stream fails first. */
  once(event: 'header', listener: (header: StreamHeader) => void): this;
  /** Like any Readable. */
  once(event: string | symbol, listener: (...args: never[]) => void): this;
}
