import type { Preamble } from '../format/preamble.js';
import { PreambleReader } from '../format/preamble.js';
import type { DecryptSettings } from './decrypt-options.js';
import type { Frames, MakeFrames } from './session.js';
import { Session } from './session.js';
import { setUpOpen } from './setup/open-setup.js';

/** One stream that is opened: its preamble, `unlock`, its frames, `complete`. */
export class OpenSession<F extends Frames> extends Session<F> {
  readonly #settings: DecryptSettings;
  /** Takes the stream from its first byte until the preamble is whole. */
  readonly preamble: PreambleReader;

  constructor(settings: DecryptSettings, makeFrames: MakeFrames<F>, onStop?: (error: Error) => void) {
    super('decrypt', settings.signal, makeFrames, onStop);
    this.#settings = settings;
    this.preamble = new PreambleReader(settings.limits);
  }

  /**
   * Checks the context, has a recipient unwrapped and checks the commitment.
   *
   * @throws (rejects) SealpipeError `ERR_SEALPIPE_CONTEXT`, `_KEY_MISMATCH`, `_AUTHENTICATION`, or what a key call
   * failed with; the session's first error
   */
  async unlock(preamble: Preamble): Promise<F> {
    return this.unlocked(await setUpOpen(preamble, this.#settings, this.stopped));
  }
}
