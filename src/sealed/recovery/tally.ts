import type { Hash } from 'node:crypto';
import type { Recipient } from '../../format/stream-header.js';
import type { StreamFault } from '../../stream-fault.js';
import { streamFaultOf } from '../../stream-fault.js';
import type { RecoverReport, SealedGap } from './recover-report.js';
import type { Salvage, Salvaged } from './salvage.js';

/** The maximum number of gaps listed in a report. */
const MOST_GAPS = 1_000;

/** Counts what is saved and what is missing. */
export class Tally {
  /** Bytes of the sealed stream. */
  readonly size: number;
  readonly #fault: StreamFault | null;
  readonly #gaps: SealedGap[] = [];
  #gapCount = 0;
  #isMissing = false;
  #bytes = 0;

  /** @param fault a fault that was found before the first frame */
  constructor(size: number, fault: StreamFault | null) {
    this.size = size;
    this.#fault = fault;
  }

  /** Bytes that were saved. */
  get bytes(): number {
    return this.#bytes;
  }

  add(piece: Salvaged): void {
    if (piece.kind === 'data') {
      this.#bytes += piece.data.length;
      return;
    }
    this.#gapCount += 1;
    if (piece.gap.frames !== 0) this.#isMissing = true;
    if (this.#gaps.length < MOST_GAPS) this.#gaps.push(piece.gap);
  }

  report({ provider, key }: Recipient, salvage: Salvage, digest: Hash | undefined): RecoverReport {
    const { fault } = salvage;
    return {
      complete: salvage.hasEnd && !this.#isMissing,
      frames: salvage.frames,
      plaintextBytes: this.#bytes,
      sealedBytes: this.size,
      digest: digest?.digest('hex') ?? null,
      fault: this.#fault ?? (fault === undefined ? null : streamFaultOf(fault.error, fault.place)),
      gaps: this.#gaps,
      gapCount: this.#gapCount,
      stopped: salvage.stopped,
      recipient: { provider, key },
    };
  }
}
