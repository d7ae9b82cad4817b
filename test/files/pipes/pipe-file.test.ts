import { closeSync, openSync, readdirSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { writeFull } from '../../../src/files/byte-file.js';
import { FileDecryption } from '../../../src/files/file-decryption.js';
import { FileEncryption } from '../../../src/files/file-encryption.js';
import { pipeSink, pipeSource } from '../../../src/files/pipes/pipe-file.js';
import { encrypt } from '../../../src/session/one-shot.js';
import { needsAddon } from '../../crypto/native/addon-here.js';
import { eventually } from '../../support/eventually.js';
import { PROMPTLY } from '../../support/outcome.js';
import { patterned } from '../../support/pieces.js';
import { onlyWhere } from '../../support/prerequisite.js';
import { expectQuietProcess } from '../../support/quiet-process.js';
import { systemPipe } from '../../support/system-pipe.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';

needsAddon();
expectQuietProcess();
beforeEach((context) =>
  onlyWhere(context, process.platform === 'linux', 'pipes are opened once more on Linux'),
);

const ignored = () => undefined;
const mine = new Error('mine');
const flagsOf = (fd: number) =>
  /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
/** Descriptors of this process. */
const openNow = () => readdirSync('/proc/self/fd').length;

/** Puts bytes into a pipe as it takes them: a write that waits would keep its reader, in this process, from reading. */
async function givenTo(writer: number, bytes: Uint8Array): Promise<void> {
  const into = pipeSink(writer, 0)!;
  try {
    await writeFull(into, [bytes], new AbortController().signal, ignored);
  } finally {
    into.close();
  }
}

/** A pipe whose ends are ours as well, at both sides of it. */
async function both() {
  const pipe = await systemPipe();
  const source = pipeSource(pipe.reader, 0)!;
  const sink = pipeSink(pipe.writer, 0)!;
  onTestFinished(() => {
    source.close();
    sink.close();
  });
  return { pipe, source, sink };
}

describe('a pipe that is opened once more', () => {
  it('leaves the flags of the first descriptor as they were, and closes what it opened', async () => {
    const pipe = await systemPipe();
    const before = [flagsOf(pipe.reader), flagsOf(pipe.writer), openNow()];
    const source = pipeSource(pipe.reader, 262_144)!;
    const sink = pipeSink(pipe.writer, 262_144)!;
    await sink.writev([Buffer.from('hello')]);
    expect(await source.readv([Buffer.alloc(9)])).toEqual({ bytesRead: 5 });
    expect([flagsOf(pipe.reader), flagsOf(pipe.writer)]).toEqual(before.slice(0, 2));
    for (const end of [source, sink, source, sink]) end.close();
    expect(openNow()).toBe(before[2]);
  });

  it('waits for bytes, for room, and for the end', async () => {
    const { pipe, source, sink } = await both();
    const view = Buffer.alloc(1_048_576);
    const coming = source.readv([view]);
    writeSync(pipe.writer, 'x');
    expect(await coming).toEqual({ bytesRead: 1 });
    const { bytesWritten } = await sink.writev([view]);
    expect(bytesWritten).toBe(source.pipe?.holds);
    const blocked = sink.writev([Buffer.from('more')]);
    expect((await source.readv([view])).bytesRead).toBe(bytesWritten);
    expect(await blocked).toEqual({ bytesWritten: 4 });
    expect((await source.readv([view])).bytesRead).toBe(4);
    const end = source.readv([view]);
    sink.close();
    pipe.end(pipe.writer);
    expect(await end).toEqual({ bytesRead: 0 });
  });

  it('sees the end of a FIFO whose writer had gone before', async () => {
    const pipe = await systemPipe();
    writeSync(pipe.writer, 'left behind');
    pipe.end(pipe.writer);
    const source = pipeSource(pipe.reader, 0)!;
    onTestFinished(() => source.close());
    expect(await source.readv([Buffer.alloc(99)])).toEqual({ bytesRead: 11 });
    expect(await source.readv([Buffer.alloc(99)])).toEqual({ bytesRead: 0 });
  });

  it('reads on where a second writer has come before the first one went', async () => {
    const { pipe, source } = await both();
    const second = openSync(pipe.path, 'w');
    writeSync(pipe.writer, 'one');
    pipe.end(pipe.writer);
    expect(await source.readv([Buffer.alloc(9)])).toEqual({ bytesRead: 3 });
    const waiting = source.readv([Buffer.alloc(9)]);
    writeSync(second, 'two!');
    closeSync(second);
    expect(await waiting).toEqual({ bytesRead: 4 });
  });

  it('is none where the descriptor is a file, a device, closed, or the pipe has no reader', async () => {
    const path = join(await tempFolder(), 'file');
    writeFileSync(path, 'content');
    for (const name of [path, '/dev/null']) {
      const descriptor = openSync(name, 'r+');
      onTestFinished(() => closeSync(descriptor));
      expect([pipeSource(descriptor, 0), pipeSink(descriptor, 0)]).toEqual([undefined, undefined]);
    }
    expect(pipeSource(1_000_000, 0)).toBeUndefined();
    const pipe = await systemPipe();
    pipe.end(pipe.reader);
    expect(pipeSink(pipe.writer, 0)).toBeUndefined();
  });

  it('holds more if it is told to and never less', async () => {
    const pipe = await systemPipe();
    const sizes = [0, 262_144, 0, 4_096].map((size) => {
      const source = pipeSource(pipe.reader, size)!;
      source.close();
      return source.pipe?.holds;
    });
    expect(sizes).toEqual([sizes[0], 262_144, 262_144, 262_144]);
  });

  it('gives others their turn, however much comes at once', async () => {
    const { pipe, source } = await both();
    const byte = Buffer.alloc(1);
    let isTurn = false;
    setImmediate(() => {
      isTurn = true;
    });
    let reads = 0;
    for (; !isTurn && reads < 1_000; reads++) {
      writeSync(pipe.writer, byte);
      await source.readv([byte]);
    }
    expect(reads).toBeLessThan(100);
  });

  it('gives up a wait, and every later one', async () => {
    const { source, sink } = await both();
    const waiting = source.readv([Buffer.alloc(1)]);
    waiting.catch(() => undefined);
    source.giveUp(mine);
    source.giveUp(new Error('later'));
    await expect(waiting).rejects.toBe(mine);
    await expect(source.readv([Buffer.alloc(1)])).rejects.toBe(mine);
    sink.giveUp(mine);
    await expect(sink.writev([Buffer.alloc(1)])).rejects.toBe(mine);
  });
});

describe('a run over pipes with a silent source', () => {
  const runs = {
    encrypt: async () => ({ Run: FileEncryption, head: patterned(70_000) }),
    decrypt: async () => ({
      Run: FileDecryption,
      head: (await encrypt(patterned(200_000), { keys })).subarray(0, 150_000),
    }),
  };

  /** A run whose source has given some and gives no more. */
  async function silent(direction: keyof typeof runs) {
    const { Run, head } = await runs[direction]();
    const [input, output] = [await systemPipe(), await systemPipe()];
    const source = pipeSource(input.reader, 262_144)!;
    const sink = pipeSink(output.writer, 262_144)!;
    onTestFinished(() => {
      source.close();
      sink.close();
    });
    const abort = new AbortController();
    const run = new Run({ source, sink }, { keys, signal: abort.signal }, ignored);
    const done = run.run();
    done.catch(() => undefined);
    const give = (bytes: Uint8Array) => givenTo(input.writer, bytes);
    await give(head);
    return { give, output, abort, run, done };
  }

  const within = async (done: Promise<void>): Promise<unknown> => {
    const since = performance.now();
    const error = await done.then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(performance.now() - since).toBeLessThan(PROMPTLY);
    return error;
  };

  it.each(['encrypt', 'decrypt'] as const)('has given every whole frame (%s)', async (direction) => {
    const { output, abort, run, done } = await silent(direction);
    await eventually(() => expect(run.bytesOut).toBeGreaterThan(65_535));
    const piece = Buffer.alloc(1_048_576);
    expect(readSync(output.reader, piece, 0, piece.length, null)).toBe(run.bytesOut);
    abort.abort(mine);
    await within(done);
  });

  it.each(['encrypt', 'decrypt'] as const)('ends soon after an abort (%s)', async (direction) => {
    const { abort, done } = await silent(direction);
    abort.abort(mine);
    expect(await within(done)).toMatchObject({ name: 'AbortError', cause: mine });
  });

  it('ends soon after a write that fails, with its error', async () => {
    const { give, output, done } = await silent('encrypt');
    output.end(output.reader);
    give(patterned(65_536)).catch(ignored);
    expect(await within(done)).toMatchObject({ code: 'EPIPE', syscall: 'write' });
  });

  it('ends soon after an abort where the reader has stopped as well', async () => {
    const { give, abort, done } = await silent('encrypt');
    await give(patterned(12 * 32_768));
    abort.abort(mine);
    expect(await within(done)).toMatchObject({ name: 'AbortError', cause: mine });
  });
});
