import { channel } from 'node:diagnostics_channel';
import { published } from '../../session/published-error.js';

/** A message of the diagnostics channel `sealpipe:logs`. It holds no key and no line. */
export interface LogMessage {
  /**
   * `begun`: a new archive began, because there was none to continue. `open`: a segment began. `sealed`: it has its
   * last frame. `given-up`: it could not be written or made durable, and what was not acknowledged goes into the next
   * one. `key`: the key call for the next segment failed; it is repeated. `waiting`: nothing can be written, for
   * example because the disk is full: lines are kept, and writing is retried. `resumed`: writing works again. `stored`:
   * a segment is in the store, and was read back whole. `not-stored`: it could not be stored; storing is retried,
   * unless the error is `ERR_SEALPIPE_ARCHIVE`.
   */
  readonly event:
    | 'begun'
    | 'open'
    | 'sealed'
    | 'given-up'
    | 'key'
    | 'waiting'
    | 'resumed'
    | 'stored'
    | 'not-stored';
  /** The archive's id, in hex. */
  readonly archive: string;
  /** The index of the segment; of `key`, of the next one. */
  readonly index: number;
  /** Of `stored` and `not-stored`: bytes of the segment. */
  readonly bytes?: number;
  /**
   * Of `given-up`, `key`, `waiting` and `not-stored`: the error. An error from elsewhere (an archive, a key provider)
   * shows its name and code here, but not its message.
   */
  readonly error?: unknown;
}

const logs = channel('sealpipe:logs');

/** Publishes a message if anyone has subscribed. */
export function publishLog(message: LogMessage): void {
  if (!logs.hasSubscribers) return;
  const { error, ...rest } = message;
  logs.publish(error === undefined ? rest : { ...rest, error: published(error) });
}
