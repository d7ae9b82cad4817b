import { pipeline } from 'node:stream/promises';
import type { DecryptedObject } from '../../../s3/index.js';
import type { CommandLine } from '../../arguments/command-line.js';
import { objectNamed } from '../../arguments/store/object-names.js';
import { isReaderGone } from '../../exit-status.js';
import type { Invocation } from '../../invocation.js';
import { jobOf } from '../../io/jobs/job.js';
import { runJob } from '../../io/jobs/run-job.js';
import { openOutput } from '../../io/output/open-output.js';
import type { ObjectStore } from '../../io/store/object-store.js';
import { openSealedObject } from '../../io/store/sealed-object.js';
import { openingWith } from '../../keys/keys-of-header.js';
import { RUN_NOTES } from '../../terminal/messages/runs.js';
import { formatSize } from '../../terminal/units.js';
import type { Command } from '../command.js';
import { jsonWanted, outputWish } from '../output-options.js';
import { reportEnd } from '../summary.js';
import { withStore } from './with-store.js';

/** `sealpipe decrypt s3://bucket/key`: opens an object. */
export const decryptFromStore: Command = (line, invocation) =>
  withStore(line, invocation, (store) => decryptOf(line, invocation, store!));

async function decryptOf(
  { options, operands }: CommandLine,
  invocation: Invocation,
  store: ObjectStore,
): Promise<void> {
  const { terminal, signal } = invocation;
  const place = objectNamed(operands[0])!;
  const { text: sourceName, bucket, key } = place;
  const { versionId, concurrency } = store.settings;
  const asJson = jsonWanted(options);
  const { guard, openWith } = await openingWith(options, invocation);
  const output = await openOutput(outputWish(options, undefined, undefined, guard), invocation);
  let stream: DecryptedObject | undefined;
  try {
    const object = await openSealedObject(store, place, signal);
    const header = await object.header(signal);
    await openWith(header, object, async (terms, { nameOf, isChosenByStream }) => {
      const opened = store.s3.decryptObject({
        ...terms,
        ...{ client: store.client, bucket, key, concurrency },
        ...(versionId !== undefined && { versionId }),
        // The required pairs include those of its place.
        location: 'any',
        onHeader: ({ suite, frameSize, layout }) => {
          terminal.detail(RUN_NOTES.shape(suite, formatSize(frameSize), layout));
          terminal[isChosenByStream ? 'note' : 'detail'](RUN_NOTES.openedWith(nameOf(opened.recipient!)));
        },
      });
      stream = opened;
      const job = jobOf(opened, () => pipeline(opened, output.stream(), { signal }));
      const run = { job, sourceName, total: object.size, output };
      const milliseconds = await runJob(run, terminal).catch((error) => {
        throw object.failure(error);
      });
      await output.commit();
      const openedBy = nameOf(opened.recipient!);
      await reportEnd(
        { command: 'decrypt', sourceName, output, job, milliseconds, asJson, openedBy },
        terminal,
      );
    });
  } catch (error) {
    await output.discard();
    const bytesOut = stream?.bytesOut ?? 0;
    const isFailure = !isReaderGone(error) && !signal.aborted;
    if (isFailure && bytesOut > 0 && output.isSeenAtOnce) terminal.note(RUN_NOTES.partialOutput(bytesOut));
    throw error;
  }
}
