import type { StoreCalls } from '../../store/store-calls.js';
import type { OpenUpload } from '../requests/open-upload.js';
import { EARLIER_PARTS_LEFT } from '../requests/parts-left.js';
import type { UploadSettings } from '../upload-options.js';
import { endpointOf } from './endpoint.js';
import { removed } from './resumption.js';
import { UploadJournal } from './upload-journal.js';

/**
 * The journal of an upload that cannot be resumed: it names the upload, so that its parts can be found and removed if
 * this process is killed. Does nothing unless a folder for journals is given.
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

  /** Removes the parts of an earlier upload to the same destination: it will not be resumed. */
  async clear(): Promise<void> {
    const { journal: folder, target, client } = this.#settings;
    if (folder === undefined) return;
    this.#journal = await UploadJournal.open(folder, { ...target, endpoint: await endpointOf(client) });
    const previous = this.#journal?.previous?.head;
    if (previous !== undefined && !(await removed(this.#calls, previous))) this.#keeps = true;
  }

  /** Parts that are left although the object is whole. */
  get warnings(): readonly string[] {
    return this.#keeps ? [EARLIER_PARTS_LEFT] : [];
  }

  /** Records the new upload. */
  get begun(): ((upload: OpenUpload) => Promise<void>) | undefined {
    const journal = this.#journal;
    // The record of an upload whose parts could not be removed has priority over a new one, which will probably end
    // normally.
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

  /** The journal stays unless all parts were removed. */
  keepUnless(partsRemoved: boolean): void {
    if (!partsRemoved) this.#keeps = true;
  }

  async close(): Promise<void> {
    await (this.#keeps ? this.#journal?.leave() : this.#journal?.end());
  }
}
