import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { getSystemErrorMap } from 'node:util';
import { isSealpipeError } from '../../../../errors.js';
import type { LogMessage } from '../../../../logs/index.js';
import { asClause } from '../../../exit-status.js';
import { LOGS_NOTES } from '../../../terminal/messages/logs.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { LOGS_CHANNEL } from './log-metrics.js';

/** Reports each trouble of a log writer once when it begins, and once when it is over. */
export class TroubleNotes {
  readonly #terminal: Terminal;
  readonly #directory: string;
  readonly #hasStore: boolean;
  #isWaiting = false;
  #lacksKey = false;
  #lacksStore = false;

  /** @param hasStore whether segments go to a store: then a new archive is reported */
  constructor(terminal: Terminal, directory: string, hasStore: boolean) {
    this.#terminal = terminal;
    this.#directory = directory;
    this.#hasStore = hasStore;
    subscribe(LOGS_CHANNEL, this.#hear);
  }

  /** Reports nothing from now on. */
  close(): void {
    unsubscribe(LOGS_CHANNEL, this.#hear);
  }

  readonly #hear = (heard: unknown): void => {
    const { event, archive, index, error } = heard as LogMessage;
    if (event === 'begun' && this.#hasStore) {
      this.#terminal.note(LOGS_NOTES.begun(archive, this.#directory));
    } else if (event === 'waiting') {
      this.#isWaiting = true;
      this.#terminal.note(LOGS_NOTES.waiting(this.#directory, why(error)));
    } else if (event === 'resumed') {
      this.#isWaiting = false;
      this.#terminal.note(LOGS_NOTES.resumed(this.#directory));
    } else if (event === 'given-up' && !this.#isWaiting) {
      this.#terminal.note(LOGS_NOTES.givenUp(index, why(error)));
    } else if (event === 'key' && !this.#lacksKey) {
      this.#lacksKey = true;
      this.#terminal.note(LOGS_NOTES.noKeyYet(why(error)));
    } else if (event === 'open' && this.#lacksKey) {
      this.#lacksKey = false;
      this.#terminal.note(LOGS_NOTES.keyAgain(index));
    } else if (event === 'not-stored' && isFork(error)) {
      this.#terminal.note(LOGS_NOTES.forked(why(error)));
    } else if (event === 'not-stored' && !this.#lacksStore) {
      this.#lacksStore = true;
      this.#terminal.note(LOGS_NOTES.notStored(index, why(error)));
    } else if (event === 'stored' && this.#lacksStore) {
      this.#lacksStore = false;
      this.#terminal.note(LOGS_NOTES.storedAgain(index));
    }
  };
}

/** The store has another segment in its place, so storing is not retried. */
function isFork(error: unknown): boolean {
  return isSealpipeError(error) && error.code === 'ERR_SEALPIPE_ARCHIVE';
}

/** For an error from elsewhere, a message of the channel has the name and the code, but not the message. */
function why(error: unknown): string {
  if (isSealpipeError(error)) return asClause(error.message);
  const { code } = error as NodeJS.ErrnoException;
  const known = [...getSystemErrorMap().values()].find(([name]) => name === code);
  return known?.[1] ?? code ?? 'an unknown error';
}
