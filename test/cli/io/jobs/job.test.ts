import { constants } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readInputHeader } from '../../../../src/cli/io/input/header.js';
import type { Input } from '../../../../src/cli/io/input/input.js';
import { openInput } from '../../../../src/cli/io/input/input.js';
import { opening, sealing } from '../../../../src/cli/io/jobs/job.js';
import { openDirect } from '../../../../src/cli/io/output/files/direct-output.js';
import { openReplacement } from '../../../../src/cli/io/output/files/replacement.js';
import type { Output } from '../../../../src/cli/io/output/output.js';
import { loadAddon } from '../../../../src/crypto/native/addon.js';
import { FileDecryption } from '../../../../src/files/file-decryption.js';
import { FileEncryption } from '../../../../src/files/file-encryption.js';
import { outputTarget } from '../../../../src/files/replace-file/output-target.js';
import { encrypt } from '../../../../src/session/one-shot.js';
import { onlyWhere } from '../../../support/prerequisite.js';
import { runProcess } from '../../../support/run-process.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { keys } from '../../../support/test-keys.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'devices are those of POSIX'));

const { signal } = new AbortController();
const ignored = () => undefined;
const manner = { grace: 0, endOnSignal: false };

/** A FIFO that can be opened from both sides without waiting. */
async function fifo(): Promise<string> {
  const path = join(await tempFolder(), 'fifo');
  await runProcess('mkfifo', [path]);
  const handle = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => handle.close());
  return path;
}

async function sealedFile(layout: 'fixed' | 'record'): Promise<string> {
  const path = join(await tempFolder(), 'sealed');
  await writeFile(path, await encrypt('hello', { keys, layout }));
  return path;
}

async function direct(path: string): Promise<Output> {
  const target = await outputTarget(path, false);
  return openDirect(path, undefined, target).finally(() => target.folder.release());
}

const inputs: Record<string, () => Promise<Input>> = {
  file: async () => openInput(await sealedFile('fixed')),
  device: () => openInput('/dev/null'),
  FIFO: async () => openInput(await fifo()),
};
const outputs: Record<string, () => Promise<Output>> = {
  file: async () => {
    const path = join(await tempFolder(), 'out');
    const terms = { path, force: false, mode: 0o600, notMoreOpenThan: [], signal, onLeft: ignored };
    return openReplacement({ ...terms, target: await outputTarget(path, false) });
  },
  device: () => direct('/dev/null'),
  FIFO: async () => direct(await fifo()),
};
/** Pipes count as files where they can be opened once more. */
const areFiles = process.platform === 'linux' && typeof loadAddon() !== 'string';
const isFile = (kind: string) => kind !== 'FIFO' || areFiles;
const ways = Object.keys(inputs).flatMap((from) =>
  Object.keys(outputs).map((to) => ({ from, to, isDirect: isFile(from) && isFile(to) })),
);

async function ends(from: string, to: string): Promise<{ input: Input; output: Output }> {
  const [input, output] = [await inputs[from]!(), await outputs[to]!()];
  onTestFinished(async () => {
    await input.close();
    await output.discard();
  });
  return { input, output };
}

describe('what is sealed', () => {
  it.each(ways)('from a $from to a $to goes from file to file: $isDirect', async ({ from, to, isDirect }) => {
    const { input, output } = await ends(from, to);
    const job = await sealing(input, output, { keys, signal }, ignored);
    expect(job instanceof FileEncryption).toBe(isDirect);
  });

  it('in the record layout goes through a stream, which flushes', async () => {
    const { input, output } = await ends('file', 'file');
    const job = await sealing(input, output, { keys, signal, layout: 'record' }, ignored, manner);
    expect(job).not.toBeInstanceOf(FileEncryption);
  });
});

describe('what is opened', () => {
  it.each(Object.keys(outputs))('from a file to a %s is right', async (to) => {
    const { input, output } = await ends('file', to);
    const job = opening(input, await readInputHeader(input, signal), output, { keys, signal }, ignored);
    expect(job instanceof FileDecryption).toBe(isFile(to));
    await job.run();
    expect([job.bytesOut, job.header?.layout]).toEqual([5, 'fixed']);
  });

  it('in the record layout goes through a stream, from its first byte on', async () => {
    const { output } = await ends('file', 'file');
    const input = await openInput(await sealedFile('record'));
    const job = opening(input, await readInputHeader(input, signal), output, { keys, signal }, ignored);
    expect(job).not.toBeInstanceOf(FileDecryption);
    await job.run();
    expect([job.bytesOut, job.header?.layout]).toEqual([5, 'record']);
    await input.close();
  });
});
