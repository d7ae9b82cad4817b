import { RunSealer } from '../../../blocks/run-sealer.js';
import { SealSession } from '../../../session/seal-session.js';
import { TransferDiagnostics } from '../../store/diagnostics.js';
import type { Pace } from '../../store/pace.js';
import { StoreCalls } from '../../store/store-calls.js';
import { PartPlan } from '../parts/part-plan.js';
import type { FileBody } from '../parts/plain-file.js';
import { PlainFile } from '../parts/plain-file.js';
import { withPartsLeft } from '../requests/parts-left.js';
import { assertAbsent } from '../requests/stored-object.js';
import { uploadStream } from '../stream-upload.js';
import type { UploadSettings } from '../upload-options.js';
import type { UploadReport } from '../upload-report.js';
import { UploadRun } from '../upload-run.js';
import { endpointOf } from './endpoint.js';
import { FileParts } from './file-parts.js';
import type { ReadyUpload } from './resumption.js';
import { begun, resumed } from './resumption.js';
import { isUnresumable } from './unresumable.js';
import { UploadJournal } from './upload-journal.js';

/** Longer than a preamble: a file that may fit into one part needs no journal. */
const LARGEST_PREAMBLE = 131_156;

/** Uploads a regular file: with a journal if a folder for journals is given and it has several parts. */
export async function uploadFile(
  given: UploadSettings,
  body: FileBody,
  pace: Pace | undefined,
): Promise<UploadReport> {
  const file = await PlainFile.open(body);
  try {
    const expectedLength = given.seal.expectedLength ?? file.size;
    const settings = { ...given, seal: { ...given.seal, expectedLength } };
    const journal = expectedLength === file.size ? await journalFor(settings, file) : undefined;
    const report = journal && (await uploadResumably(new FileUpload(settings, file, journal, pace)));
    return report ?? (await uploadStream(settings, file.stream(), pace));
  } finally {
    await file.close();
  }
}

/** @returns undefined if the journal is still needed for parts of an earlier upload that could not be removed */
async function uploadResumably(upload: FileUpload): Promise<UploadReport | undefined> {
  try {
    return await upload.run(true).catch((error: unknown) => {
      if (!isUnresumable(error)) throw error;
      return upload.leaves ? undefined : upload.run(false);
    });
  } finally {
    await upload.close();
  }
}

async function journalFor(
  { journal, seal, partSize, target, client }: UploadSettings,
  file: PlainFile,
): Promise<UploadJournal | undefined> {
  const { frameSize } = seal;
  const plan = new PartPlan({ frameSize, preambleSize: LARGEST_PREAMBLE, partSize, length: file.size });
  if (journal === undefined || file.size <= plan.frames(1) * frameSize) return undefined;
  return UploadJournal.open(journal, { ...target, endpoint: await endpointOf(client) });
}

/** The upload of a file with a journal, which may resume that of an earlier process. */
class FileUpload {
  readonly #settings: UploadSettings;
  readonly #file: PlainFile;
  readonly #journal: UploadJournal;
  readonly #pace: Pace | undefined;
  #leaves: boolean;

  constructor(settings: UploadSettings, file: PlainFile, journal: UploadJournal, pace: Pace | undefined) {
    this.#settings = settings;
    this.#file = file;
    this.#journal = journal;
    this.#pace = pace;
    this.#leaves = journal.previous !== undefined;
  }

  /** Whether parts are left in the store, so that the journal is still needed. */
  get leaves(): boolean {
    return this.#leaves;
  }

  async run(mayResume: boolean): Promise<UploadReport> {
    const settings = this.#settings;
    const diagnostics = new TransferDiagnostics('upload');
    const session: SealSession<RunSealer> = new SealSession(
      settings.seal,
      (cipher, layout) => new RunSealer(cipher, layout),
    );
    const { target, seal, partSize } = settings;
    const calls = new StoreCalls(settings.client, {
      signal: session.stopped,
      onRetry: diagnostics.retry,
      pace: this.#pace,
    });
    const file = this.#file;
    const run = await UploadRun.over({ settings, session, calls, diagnostics, length: file.size });
    const { multipart } = run;
    let ready: ReadyUpload | undefined;
    let parts: FileParts | undefined;
    try {
      return await session.run(async () => {
        if (!settings.overwrite) await assertAbsent(calls, target);
        const endpoint = await endpointOf(settings.client);
        const journal = this.#journal;
        const work = {
          settings,
          session,
          calls,
          file,
          journal,
          multipart,
          checksums: run.checksums,
          endpoint,
        };
        const found = mayResume ? await resumed(work) : undefined;
        ready = found ?? (await begun(work));
        settings.onHeader?.(session.header!);
        const preambleSize = ready.preamble.length;
        const plan = new PartPlan({ frameSize: seal.frameSize, preambleSize, partSize, length: file.size });
        run.started(plan);
        parts = new FileParts({ ...work, ...ready, plan, send: run.send, taken: run.progress });
        await parts.send();
        const report = run.report(await run.complete(), found?.uploaded.size);
        this.#leaves = false;
        return report;
      });
    } catch (error) {
      await parts?.landed();
      const partsRemoved = await multipart.dismiss();
      if (multipart.isBegun) this.#leaves = !partsRemoved;
      diagnostics.error(error, { partsRemoved });
      throw partsRemoved || isUnresumable(error) ? error : withPartsLeft(error);
    } finally {
      ready?.claims.wipe();
    }
  }

  /** Closes the journal, and removes it unless it is still needed. */
  close(): Promise<void> {
    return this.#leaves ? this.#journal.leave() : this.#journal.end();
  }
}
