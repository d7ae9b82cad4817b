import type { StoreCalls } from '../../store/store-calls.js';
import type { OpenUpload } from '../requests/open-upload.js';
import { EARLIER_PARTS_LEFT } from '../requests/parts-left.js';
import type { UploadSettings } from '../upload-options.js';
import { endpointOf } from './endpoint.js';
import { removed } from './resumption.js';
import { UploadJournal } from './upload-journal.js';

/**
 * The journal of an upload that cannot be resumed: it names the upload, so that its parts can be found and removed if this
 * process is killed. Does nothing unless a folder for journals is given.
 */
export class LeftBehind {
  readonly #settings: UploadSettings;
  readonly #calls: StoreCalls;
  #journal: UploadJournal | undefined;
  #keeps = false;

  constructor(settings: UploadSettings, calls: StoreCalls) {
    this.#settings = settings;
    this.#calls = calls;
  }

  /** Removes what an earlier upload to the same destination has left, which nobody resumes now. */
  async clear(): Promise<void> {
    const { journal: folder, target, client } = this.#settings;
    if (folder === undefined) return;
    this.#journal = await UploadJournal.open(folder, { ...target, endpoint: await endpointOf(client) });
    const previous = this.#journal?.previous?.head;
    if (previous !== undefined && !(await removed(this.#calls, previous))) this.#keeps = true;
  }

  /** What is left beside an object that is whole. */
  get warnings(): readonly string[] {
    return this.#keeps ? [EARLIER_PARTS_LEFT] : [];
  }

  /** Writes down the upload that begins. */
  get begun(): ((upload: OpenUpload) => Promise<void>) | undefined {
    const journal = this.#journal;
    // An upload whose parts could not be removed is remembered before one that will most likely end by itself.
    if (journal === undefined || this.#keeps) return undefined;
    const { client } = this.#settings;
    return async (upload) => {
      const endpoint = await endpointOf(client);
      await journal.begin({
        ...upload,
        ...(endpoint !== undefined && { endpoint }),
        region: await this.#calls.client.config.region(),
        started: new Date().toISOString(),
      });
    };
  }

  /** Parts may be left: the journal stays unless they were removed. */
  keepUnless(partsRemoved: boolean): void {
    if (!partsRemoved) this.#keeps = true;
  }

  async close(): Promise<void> {
    await (this.#keeps ? this.#journal?.leave() : this.#journal?.end());
  }
}
