import { createWriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { misuse } from '../say/failure.js';
import { TROUBLE } from '../say/words.js';
import { descriptorFile, isFileOrDevice } from './descriptor.js';
import { identityOf, isSameFile, statsOf } from './identity.js';
import type { Output, OutputWish } from './output.js';
import { WRITE_BUFFER } from './output.js';

const STANDARD_OUTPUT = 1;

/** What the shell gave us to write to: its file stays whatever happens, so the exit status alone tells of a failure. */
export async function openStandardOutput({ input, notForTerminal }: OutputWish): Promise<Output> {
  const name = 'standard output';
  if (notForTerminal !== undefined && isatty(STANDARD_OUTPUT)) throw misuse(notForTerminal);
  const stats = await statsOf(STANDARD_OUTPUT);
  if (isSameFile(input?.identity, identityOf(stats))) throw misuse(TROUBLE.sameFile(input!.name, name));
  const isStream = isatty(STANDARD_OUTPUT) || stats.isFIFO() || stats.isSocket();
  const nothing = async () => undefined;
  let stream: Writable | undefined;
  return {
    name,
    file: isFileOrDevice(stats, STANDARD_OUTPUT) ? descriptorFile(STANDARD_OUTPUT) : undefined,
    stream: () => (stream ??= isStream ? overStandardOutput() : overDescriptor()),
    isSeenAtOnce: true,
    commit: nothing,
    discard: nothing,
  };
}

function overDescriptor(): Writable {
  return createWriteStream('', { fd: STANDARD_OUTPUT, autoClose: false, highWaterMark: WRITE_BUFFER });
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
