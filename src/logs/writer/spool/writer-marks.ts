import { optionsTypeError } from '../../../errors.js';
import type { LogMark, LogPosition } from '../lines/log-position.js';
import { checkedPosition, NOWHERE, rejected } from '../lines/log-position.js';
import type { LogPositions } from '../log-writer.js';
import type { Spool } from './spool.js';

/** The positions of a writer's log that can be waited for. */
export class WriterMarks {
  readonly #written: LogMark;
  readonly #durable: LogMark;
  readonly #spool: Spool | undefined;
  readonly #end: () => LogPosition;
  #told: LogPositions = { written: NOWHERE, durable: NOWHERE, stored: NOWHERE };

  /** @param end the position after the last appended line */
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

  /** The positions, if any has changed since the last call. */
  news(): LogPositions | undefined {
    const { positions } = this;
    const { written, durable, stored } = this.#told;
    if (positions.written === written && positions.durable === durable && positions.stored === stored) {
      return undefined;
    }
    this.#told = positions;
    return positions;
  }

  /** A flush ends after the last appended line. */
  cut(): void {
    const { records } = this.#end();
    this.#written.cut(records);
    this.#durable.cut(records);
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
