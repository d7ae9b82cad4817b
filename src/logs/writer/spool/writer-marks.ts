import { optionsTypeError } from '../../../errors.js';
import type { LogMark, LogPosition } from '../lines/log-position.js';
import { checkedPosition, NOWHERE, rejected } from '../lines/log-position.js';
import type { LogPositions } from '../log-writer.js';
import type { Spool } from './spool.js';

/** The marks that the log of a writer passes. */
export class WriterMarks {
  readonly #written: LogMark;
  readonly #durable: LogMark;
  readonly #spool: Spool | undefined;
  readonly #end: () => LogPosition;
  #told: LogPositions = { written: NOWHERE, durable: NOWHERE, stored: NOWHERE };

  /** @param end the log up to where it is appended */
  constructor(
    { written, durable }: { readonly written: LogMark; readonly durable: LogMark },
    spool: Spool | undefined,
    end: () => LogPosition,
  ) {
    this.#written = written;
    this.#durable = durable;
    this.#spool = spool;
    this.#end = end;
  }

  get positions(): LogPositions {
    const stored = this.#spool?.stored ?? NOWHERE;
    return { written: this.#written.reached, durable: this.#durable.reached, stored };
  }

  /** The positions, if one of them moved since this was asked last. */
  news(): LogPositions | undefined {
    const { positions } = this;
    const { written, durable, stored } = this.#told;
    if (positions.written === written && positions.durable === durable && positions.stored === stored) {
      return undefined;
    }
    this.#told = positions;
    return positions;
  }

  whenWritten(position: LogPosition): Promise<void> {
    return this.#written.wait(checkedPosition(position, this.#end()));
  }

  whenDurable(position: LogPosition): Promise<void> {
    return this.#durable.wait(checkedPosition(position, this.#end()));
  }

  whenStored(position: LogPosition): Promise<void> {
    if (this.#spool !== undefined) return this.#spool.whenStored(checkedPosition(position, this.#end()));
    return rejected(optionsTypeError('whenStored() needs a store, and this archive has none'));
  }
}
