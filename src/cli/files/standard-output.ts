import { createWriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import { misuse } from '../say/failure.js';
import { TROUBLE } from '../say/words.js';
import { identityOf, isSameFile, statsOf } from './identity.js';
import type { Output, OutputWish } from './output.js';
import { WRITE_BUFFER } from './output.js';

const STANDARD_OUTPUT = 1;

/** What the shell gave us to write to: its file stays whatever happens, so the exit status alone tells of a failure. */
export async function openStandardOutput({ input, notForTerminal }: OutputWish): Promise<Output> {
  const name = 'standard output';
  if (notForTerminal !== undefined && process.stdout.isTTY) throw misuse(notForTerminal);
  const stats = await statsOf(STANDARD_OUTPUT);
  if (isSameFile(input?.identity, identityOf(stats))) throw misuse(TROUBLE.sameFile(input!.name, name));
  const isStream = process.stdout.isTTY || stats.isFIFO() || stats.isSocket();
  const stream = isStream
    ? overStandardOutput()
    : createWriteStream('', { fd: STANDARD_OUTPUT, autoClose: false, highWaterMark: WRITE_BUFFER });
  const nothing = async () => undefined;
  return { name, stream, isSeenAtOnce: true, commit: nothing, discard: nothing };
}

/** A stream that can be ended and destroyed without process.stdout, which belongs to the process. */
function overStandardOutput(): Writable {
  process.stdout.on('error', () => undefined);
  return new Writable({
    highWaterMark: WRITE_BUFFER,
    write: (chunk: Buffer, _encoding, callback) => {
      process.stdout.write(chunk, callback);
    },
  });
}
