import type { RunSealer } from '../../../blocks/run-sealer.js';
import { wipe } from '../../../bytes.js';
import type { SealSession } from '../../../session/seal-session.js';
import type { SendPart } from '../parts/part-flights.js';
import { PartFlights } from '../parts/part-flights.js';
import type { PartPlan } from '../parts/part-plan.js';
import type { PlainFile } from '../parts/plain-file.js';
import type { UploadSettings } from '../upload-options.js';
import type { Claims } from './claims.js';
import { unresumable } from './unresumable.js';
import type { UploadJournal } from './upload-journal.js';

/** The input of an upload of a file. */
export interface FileWork {
  readonly settings: UploadSettings;
  readonly session: SealSession<RunSealer>;
  readonly file: PlainFile;
  readonly journal: UploadJournal;
  readonly plan: PartPlan;
  readonly send: SendPart;
  readonly preamble: Uint8Array;
  readonly claims: Claims;
  /** The claims of an earlier process. */
  readonly recorded: ReadonlyMap<number, string>;
  /** The parts that the store has, and their sizes. */
  readonly uploaded: ReadonlyMap<number, number>;
  readonly taken: () => void;
}

/**
 * Sends a file in parts so that another process can resume it: each part is read once, into memory; its claim is
 * compared with the one on record, or made durable; only then are frames sealed, from that memory.
 */
export class FileParts {
  readonly #work: FileWork;
  readonly #flights: PartFlights;

  constructor(work: FileWork) {
    this.#work = work;
    this.#flights = new PartFlights(work.settings.concurrency, work.send);
  }

  /** @throws (rejects) `unresumable` if the file differs from what an earlier process has read; the first failure */
  async send(): Promise<void> {
    const { settings, session, file, preamble, plan } = this.#work;
    const { frameSize } = settings.seal;
    for (let number = 1, position = 0; ; number++) {
      const size = Math.min(plan.frames(number) * frameSize, file.size - position);
      const isLast = position + size === file.size;
      const memory = await this.#memory(plan.capacity(number));
      try {
        if (number === 1) memory.set(preamble);
        session.frames!.begin({ memory, start: plan.start(number), frames: plan.frames(number) });
        await this.#fill(number, position, size);
        if (isLast) await this.#end(position + size);
        await this.#dispatch(number, memory, size, isLast);
      } catch (error) {
        // It may hold plaintext.
        wipe(memory);
        throw error;
      }
      position += size;
      if (isLast) break;
    }
    await this.#flights.landed();
    if (session.stopped.aborted) throw session.stopped.reason;
  }

  /** Resolves when no part is in flight. Never rejects. */
  landed(): Promise<void> {
    return this.#flights.landed();
  }

  async #memory(size: number): Promise<Buffer> {
    for (;;) {
      const memory = this.#flights.take(size);
      if (memory !== undefined) return memory;
      await this.#flights.oneLanded();
      if (this.#work.session.stopped.aborted) throw this.#work.session.stopped.reason;
    }
  }

  /** Reads a part into the place of its frames, and checks or records its claim. */
  async #fill(number: number, position: number, size: number): Promise<void> {
    const { session, file, claims, journal, recorded } = this.#work;
    const views = session.frames!.places(size);
    const came = await file.read(position, views, session.stopped);
    session.take(came);
    if (came < size) session.end();
    const claim = claims.of(number, views);
    const before = recorded.get(number);
    if (before === undefined) await journal.claim(number, claim);
    else if (before !== claim.toString('hex')) throw unresumable();
  }

  /** The file must end here, and the caller must confirm that it is whole. */
  async #end(position: number): Promise<void> {
    const { session, file } = this.#work;
    session.take(await file.read(position, [Buffer.alloc(1)], session.stopped));
    session.end();
    await session.confirm();
  }

  async #dispatch(number: number, memory: Buffer, size: number, isLast: boolean): Promise<void> {
    const { session, uploaded, taken } = this.#work;
    const frames = session.frames!;
    const there = uploaded.get(number);
    if (there !== undefined) {
      frames.skip(size, isLast);
      if (frames.end !== there) throw unresumable();
      session.bytesOut += frames.end;
      wipe(memory);
      this.#flights.giveBack(memory);
      taken();
      return;
    }
    frames.sealPlaces(size);
    if (isLast) frames.finish();
    session.bytesOut += frames.end;
    await this.#flights.slot();
    this.#flights.launch(number, memory.subarray(0, frames.end), memory);
    taken();
  }
}
