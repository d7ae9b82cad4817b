import type { LogReadReport } from '../../../../logs/index.js';
import { failureOf, gravestOf } from '../../../exit-status.js';
import { CommandError, EXIT } from '../../../terminal/command-error.js';
import { LOGS_TROUBLE } from '../../../terminal/messages/logs.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { archiveFailure, tellReading } from '../archive-reading.js';
import type { ArchivesPlace } from '../with-archives.js';

/** The archives, of several, that could not be read. The others are printed. */
export class FailedArchives {
  readonly #place: ArchivesPlace;
  readonly #terminal: Terminal;
  readonly #statuses: number[] = [];

  constructor(place: ArchivesPlace, terminal: Terminal) {
    this.#place = place;
    this.#terminal = terminal;
  }

  /** Names a failed archive. */
  readonly add = (archive: string, error: unknown): void => {
    const { status, what, hint } = failureOf(archiveFailure(this.#place.name, error));
    this.#statuses.push(status);
    this.#terminal.fail({ what: LOGS_TROUBLE.ofArchive(archive, what), hint }, error);
  };

  /** @param toFile whether the lines were for a file, which is not kept @throws CommandError with the gravest status */
  assertNone(report: LogReadReport, toFile: boolean): void {
    if (this.#statuses.length === 0) return;
    const { archives } = report;
    tellReading(report, this.#terminal);
    for (const { archive, tail } of archives) {
      if (!tail?.damaged) continue;
      const { what } = LOGS_TROUBLE.damagedTail(archive, tail.segment, tail.offset, tail.unread);
      this.#statuses.push(EXIT.truncated);
      this.#terminal.fail({ what }, new CommandError(EXIT.truncated, { what }));
    }
    const words = LOGS_TROUBLE.notAllRead(this.#statuses.length, archives.length, this.#place.name, toFile);
    throw new CommandError(gravestOf(this.#statuses)!, words);
  }
}
