import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StreamFault, VerifyReport } from '../../../index.js';
import { createDecryptStream } from '../../../index.js';
import { streamFaultOf } from '../../../stream-fault.js';
import { TAG_SIZE } from '../../../suites.js';
import { readInputHeader } from '../../io/input/header.js';
import { openInput } from '../../io/input/input.js';
import type { Opening } from '../../keys/keys-of-header.js';
import { misuse } from '../../terminal/command-error.js';
import { USAGE } from '../../terminal/messages/command-line.js';

/** Bytes of a record frame besides its plaintext (FORMAT 6): word and tag. */
const RECORD_OVERHEAD = 4 + TAG_SIZE;

/** Like the library's `verify`, for standard input, which can only be read once and in order. */
export async function verifyInput(
  { guard, openWith }: Opening,
  digest: 'sha256' | undefined,
  signal: AbortSignal,
): Promise<VerifyReport> {
  const input = await openInput('-');
  await guard.assertApartFrom(input);
  if (input.isTerminal) throw misuse(USAGE.terminalInput('verify'));
  try {
    const { header, bytes } = await readInputHeader(input, signal);
    return await openWith(header, undefined, async (terms) => {
      const hash = digest === undefined ? undefined : createHash(digest);
      const stream = createDecryptStream(terms);
      const source = input.stream();
      source.unshift(bytes);
      let fault: StreamFault | null = null;
      const sink = new Writable({
        write: (chunk: Buffer, _encoding, callback) => {
          hash?.update(chunk);
          chunk.fill(0);
          callback();
        },
      });
      try {
        await pipeline(source, stream, sink, { signal });
      } catch (error) {
        const { framesOut: frame, bytesOut } = stream;
        const { preambleSize, frameSize, layout } = header;
        const sealed =
          layout === 'fixed' ? frame * (frameSize + TAG_SIZE) : bytesOut + frame * RECORD_OVERHEAD;
        const offset = preambleSize + sealed;
        fault = streamFaultOf(error, { frame, offset });
      }
      const { recipient } = stream;
      return {
        complete: fault === null,
        frames: stream.framesOut,
        plaintextBytes: stream.bytesOut,
        sealedBytes: stream.bytesIn,
        digest: fault === null ? (hash?.digest('hex') ?? null) : null,
        sample: null,
        fault,
        gaps: [],
        recipient: recipient === undefined ? null : { provider: recipient.provider, key: recipient.key },
      };
    });
  } finally {
    await input.close();
  }
}
