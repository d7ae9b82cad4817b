import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Recipient, SealedReader } from '../../../index.js';
import { openSealed } from '../../../index.js';
import { isSystemError } from '../../../system-error.js';
import type { CommandLine } from '../../arguments/command-line.js';
import type { ByteRange } from '../../arguments/values/byte-range.js';
import { byteRange } from '../../arguments/values/byte-range.js';
import { isReaderGone } from '../../exit-status.js';
import type { Invocation } from '../../invocation.js';
import type { Job } from '../../io/jobs/job.js';
import { runJob } from '../../io/jobs/run-job.js';
import { openOutput } from '../../io/output/open-output.js';
import type { Output } from '../../io/output/output.js';
import type { ObjectStore } from '../../io/store/object-store.js';
import { openSealedInput } from '../../io/store/sealed-input.js';
import { openingWith } from '../../keys/keys-of-header.js';
import { misuse } from '../../terminal/command-error.js';
import { RUN_NOTES } from '../../terminal/messages/runs.js';
import { SEALED_USAGE } from '../../terminal/messages/sealed.js';
import type { Command } from '../command.js';
import { jsonWanted, outputWish } from '../output-options.js';
import { withStore } from '../store/with-store.js';
import { reportEnd } from '../summary.js';

/** `sealpipe decrypt --range`: opens only the frames of a range. */
export const decryptRange: Command = (line, invocation) =>
  withStore(line, invocation, (store) => decryptRangeOf(line, invocation, store));

async function decryptRangeOf(
  { options, operands }: CommandLine,
  invocation: Invocation,
  store: ObjectStore | undefined,
): Promise<void> {
  const { terminal, signal } = invocation;
  const text = options.text('range')!;
  const range = byteRange(text);
  const asJson = jsonWanted(options);
  const { guard, openWith } = await openingWith(options, invocation);
  const [name = '-'] = operands;
  if (options.has('concurrency')) throw misuse(SEALED_USAGE.notTogether('--range', '--concurrency'));
  const file = await openSealedInput({ name }, 'a range cannot be read from it', store, signal);
  let job: RangeJob | undefined;
  let output: Output | undefined;
  try {
    output = await openOutput(outputWish(options, file, undefined, guard), invocation);
    const header = await file.header(signal);
    await openWith(header, file, async (terms, { nameOf, isChosenByStream }) => {
      let bytesIn = 0;
      const counted = file.counted((bytes) => {
        bytesIn += bytes;
      });
      await using reader = await openSealed(counted, terms).catch(async (error) => {
        throw await file.blamed(error);
      });
      const openedBy = nameOf(reader.recipient);
      terminal[isChosenByStream ? 'note' : 'detail'](RUN_NOTES.openedWith(openedBy));
      job = new RangeJob(reader, range, output!, () => bytesIn);
      const run = { job, sourceName: name, total: undefined, output: output! };
      const milliseconds = await runJob(run, terminal);
      if (job.bytesOut === 0) throw misuse(SEALED_USAGE.noSuchRange(text, await reader.size()));
      await output!.commit();
      await reportEnd(
        { command: 'decrypt', sourceName: name, output: output!, job, milliseconds, asJson, openedBy },
        terminal,
      );
    });
  } catch (error) {
    await output?.discard();
    const bytesOut = job?.bytesOut ?? 0;
    const isFailure = !isReaderGone(error) && !signal.aborted;
    if (isFailure && bytesOut > 0 && output?.isSeenAtOnce) terminal.note(RUN_NOTES.partialOutput(bytesOut));
    // A failure of the output must not be attributed to the input.
    throw isSystemError(error) ? error : file.failure(error);
  } finally {
    await file.close();
  }
}

/** Writes a range to the output. */
class RangeJob implements Job {
  readonly #reader: SealedReader;
  readonly #range: ByteRange;
  readonly #output: Output;
  readonly #bytesIn: () => number;
  bytesOut = 0;

  constructor(reader: SealedReader, range: ByteRange, output: Output, bytesIn: () => number) {
    this.#reader = reader;
    this.#range = range;
    this.#output = output;
    this.#bytesIn = bytesIn;
  }

  get header(): SealedReader['header'] {
    return this.#reader.header;
  }

  get recipient(): Recipient {
    return this.#reader.recipient;
  }

  get bytesIn(): number {
    return this.#bytesIn();
  }

  async run(): Promise<void> {
    const count = new Transform({
      transform: (chunk: Buffer, _encoding, callback) => {
        this.bytesOut += chunk.length;
        callback(null, chunk);
      },
    });
    // -0 would be an empty range.
    const { start, end } = this.#range;
    const range = Object.is(start, -0) ? { start: 0, end: 0 } : { start, end };
    await pipeline(this.#reader.createReadStream(range), count, this.#output.stream());
  }
}
