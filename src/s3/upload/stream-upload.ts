import { RunSealer } from '../../blocks/run-sealer.js';
import { isError } from '../../realms.js';
import { SealSession } from '../../session/seal-session.js';
import { TransferDiagnostics } from '../store/diagnostics.js';
import type { Pace } from '../store/pace.js';
import { StoreCalls } from '../store/store-calls.js';
import { LeftBehind } from './journal/left-behind.js';
import { PartFiller } from './parts/part-filler.js';
import { PartPlan } from './parts/part-plan.js';
import type { Plaintext } from './parts/plaintext.js';
import type { StreamBody } from './parts/source.js';
import { Source } from './parts/source.js';
import { withPartsLeft } from './requests/parts-left.js';
import type { StoredObject } from './requests/stored-object.js';
import { assertAbsent } from './requests/stored-object.js';
import type { UploadSettings } from './upload-options.js';
import type { UploadReport } from './upload-report.js';
import { UploadRun } from './upload-run.js';

/** Uploads a stream. */
export function uploadStream(
  settings: UploadSettings,
  body: StreamBody,
  pace: Pace | undefined,
): Promise<UploadReport> {
  return uploadInOrder(settings, (failed) => new Source(body, failed), pace);
}

/**
 * Uploads plaintext in order: in parts, or with one PutObject if it is small.
 *
 * @param plaintextFor creates the plaintext, given a function to call if the source fails before it is read
 */
export async function uploadInOrder(
  settings: UploadSettings,
  plaintextFor: (failed: (error: Error) => void) => Plaintext,
  pace: Pace | undefined,
): Promise<UploadReport> {
  const diagnostics = new TransferDiagnostics('upload');
  const session: SealSession<RunSealer> = new SealSession(
    settings.seal,
    (cipher, layout) => new RunSealer(cipher, layout),
  );
  const failed = (error: Error) => session.stop(error);
  const plaintext = plaintextFor(failed);
  const calls = new StoreCalls(settings.client, {
    signal: session.stopped,
    onRetry: diagnostics.retry,
    pace,
  });
  const left = new LeftBehind(settings, calls);
  const length = settings.seal.expectedLength ?? plaintext.length;
  let run: UploadRun | undefined;
  let filler: PartFiller | undefined;
  try {
    return await session.run(async () => {
      if (!settings.overwrite) await assertAbsent(calls, settings.target);
      await left.clear();
      const { preamble } = await session.begin();
      settings.onHeader?.(session.header!);
      const { begun } = left;
      run = await UploadRun.over({ settings, session, calls, diagnostics, length, begun });
      const plan = new PartPlan({
        frameSize: settings.seal.frameSize,
        preambleSize: preamble.length,
        partSize: settings.partSize,
        length,
      });
      run.started(plan);
      const { concurrency, sourceTimeout } = settings;
      const { send, progress: taken } = run;
      filler = new PartFiller({ session, preamble, plan, concurrency, send, taken });
      await plaintext.pour(filler, { stop: session.stopped, sourceTimeout, failed });
      const report = run.report(await finished(session, filler, run));
      return { ...report, warnings: [...report.warnings, ...left.warnings] };
    });
  } catch (error) {
    plaintext.discard(isError(error) ? error : new Error('The upload failed', { cause: error }));
    await filler?.landed();
    const partsRemoved = (await run?.multipart.dismiss()) ?? true;
    left.keepUnless(partsRemoved);
    diagnostics.error(error, { partsRemoved });
    throw partsRemoved ? error : withPartsLeft(error);
  } finally {
    await left.close();
  }
}

/** Seals and sends the end of a stream after the caller has confirmed that it is complete. */
async function finished(
  session: SealSession<RunSealer>,
  filler: PartFiller,
  run: UploadRun,
): Promise<StoredObject> {
  session.end();
  await session.confirm();
  session.frames!.finish();
  const { number, bytes } = await filler.rest();
  if (!run.multipart.isBegun) return run.put(bytes);
  const last = run.send(number, bytes);
  await Promise.allSettled([filler.landed(), last]);
  if (session.stopped.aborted) throw session.stopped.reason;
  return run.complete();
}
