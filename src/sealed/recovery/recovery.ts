import type { Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { onAbort } from '../../abort.js';
import { optionsRangeError, optionsTypeError } from '../../errors.js';
import type { Recipient, StreamHeader } from '../../format/stream-header.js';
import type { OptionNames } from '../../options.js';
import { booleanOption, readOptions } from '../../options.js';
import { isError } from '../../realms.js';
import type { ProgressReport } from '../../session/progress.js';
import type { Frames, Session } from '../../session/session.js';
import { plaintextGuard } from '../../session/setup/open-setup.js';
import type { HeldSource } from '../../sources/held-source.js';
import { RangeStream } from '../reading/range-stream.js';
import { RUN_SIZE } from '../reading/ranges.js';
import type { RecoverReport, SealedGap } from './recover-report.js';
import type { Salvage, Salvaged } from './salvage.js';
import type { Tally } from './tally.js';

/** A piece of the saved plaintext, or a gap. */
export type RecoveredPiece =
  | {
      /** Its position in the plaintext. In the record layout: the amount of plaintext saved before it. */
      readonly offset: number;
      /** Verified plaintext. */
      readonly data: Buffer;
    }
  | {
      /** What is missing here. */
      readonly gap: SealedGap;
    };

/** How the saved plaintext is returned. */
export interface RecoveredStreamOptions {
  /**
   * Fills gaps with zeros, so that everything keeps its position. For the fixed layout only. The result never has more
   * bytes than the sealed stream. Default: false.
   */
  readonly zeroFill?: boolean | undefined;
}

const STREAM_OPTIONS: OptionNames<RecoveredStreamOptions> = { zeroFill: true };

/** A damaged stream whose frames can be read once, with `createReadStream` or with `pieces`. */
export interface Recovery extends AsyncDisposable {
  /** The contents of the preamble. */
  readonly header: StreamHeader;
  /** The recipient that opened the stream. */
  readonly recipient: Recipient;
  /** The saved plaintext as a stream. It also ends normally if plaintext is missing: check `report`. */
  createReadStream(options?: RecoveredStreamOptions): Readable;
  /** The same in pieces, with the gaps between them. */
  pieces(): AsyncIterable<RecoveredPiece>;
  /** Resolves after the stream or the pieces have been read to the end; rejects if that fails or is cancelled. */
  readonly report: Promise<RecoverReport>;
  /** Cancels pending reads, wipes keys, and closes the source unless it was an open file. */
  close(): Promise<void>;
}

/** The inputs of a recovery. */
export interface RecoveryTerms {
  readonly source: HeldSource;
  readonly salvage: Salvage;
  readonly digest: Hash | undefined;
  readonly progress: ProgressReport;
  readonly tally: Tally;
}

/** Saves frames with one session, and ends the session. */
export class FrameRecovery implements Recovery {
  readonly header: StreamHeader;
  readonly recipient: Recipient;
  readonly report: Promise<RecoverReport>;
  readonly #session: Session<Frames>;
  readonly #terms: RecoveryTerms;
  readonly #assertMayHold: (plaintext: Uint8Array) => void;
  #resolve: (report: RecoverReport) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #fault: unknown;
  #isTaken = false;
  #isOver = false;
  #closed: Promise<void> | undefined;

  constructor(session: Session<Frames>, header: StreamHeader, terms: RecoveryTerms) {
    this.header = header;
    this.recipient = session.recipient!;
    this.#session = session;
    this.#terms = terms;
    this.#assertMayHold = plaintextGuard(header, () => undefined);
    this.report = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // A caller that ignores the report learns of the failure from the stream or the pieces.
    this.report.catch(() => undefined);
  }

  createReadStream(options: RecoveredStreamOptions = {}): Readable {
    const given = readOptions<RecoveredStreamOptions>('createReadStream', options, STREAM_OPTIONS);
    const zeroFill = booleanOption('zeroFill', given.zeroFill);
    if (zeroFill && this.header.layout !== 'fixed') {
      throw optionsRangeError(
        '`zeroFill` is for the fixed layout: in this one nobody knows how much is missing',
      );
    }
    const pieces = plaintextOf(this.#take(), zeroFill);
    const { stopped } = this.#session;
    let ended = (): void => undefined;
    const stream = new RangeStream(pieces, (error) => {
      ended();
      if (error !== null) this.#session.stop(error);
    });
    // A finished stream is not destroyed, because its last pieces are still to be read.
    ended = onAbort(stopped, () => void (this.#isOver || stream.destroy(stopped.reason)));
    return stream;
  }

  async *pieces(): AsyncGenerator<RecoveredPiece, void, void> {
    for await (const piece of this.#take()) {
      yield piece.kind === 'gap' ? { gap: piece.gap } : { offset: piece.offset, data: piece.data };
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #take(): AsyncGenerator<Salvaged, void, void> {
    if (this.#closed !== undefined) throw optionsTypeError('The recovery is closed');
    if (this.#isTaken) throw optionsTypeError('What was saved can be taken once');
    this.#isTaken = true;
    return this.#pieces();
  }

  async *#pieces(): AsyncGenerator<Salvaged, void, void> {
    const session = this.#session;
    const { source, salvage, digest, progress, tally } = this.#terms;
    try {
      for await (const piece of salvage.pieces(session.stopped)) {
        if (piece.kind === 'data') {
          this.#assertMayHold(piece.data);
          digest?.update(piece.data);
        }
        tally.add(piece);
        session.bytesIn = source.bytesRead;
        session.bytesOut = tally.bytes;
        yield piece;
        progress.tell(Math.min(tally.size, source.bytesRead), tally.bytes);
      }
      progress.end(tally.size, tally.bytes);
      this.#isOver = true;
      if (salvage.fault === undefined) session.complete();
      this.#fault = salvage.fault?.error;
      this.#resolve(tally.report(this.recipient, salvage, digest));
    } catch (error) {
      this.#fault = session.stopped.aborted ? session.stopped.reason : error;
      this.#reject(this.#fault);
      throw this.#fault;
    } finally {
      await this.close();
    }
  }

  async #close(): Promise<void> {
    const session = this.#session;
    const closed = optionsTypeError('The recovery is closed');
    session.stop(isError(this.#fault) ? this.#fault : closed);
    session.close(this.#fault);
    this.#reject(closed);
    await this.#terms.source.close();
  }
}

/** Only the plaintext; gaps are left out or filled with zeros. */
async function* plaintextOf(
  pieces: AsyncGenerator<Salvaged, void, void>,
  zeroFill: boolean,
): AsyncGenerator<Buffer, void, void> {
  for await (const piece of pieces) {
    if (piece.kind === 'data') yield piece.data;
    else if (zeroFill) yield* zeros(piece.fill);
  }
}

function* zeros(count: number): Generator<Buffer, void, void> {
  for (let left = count; left > 0; left -= RUN_SIZE) yield Buffer.alloc(Math.min(left, RUN_SIZE));
}
