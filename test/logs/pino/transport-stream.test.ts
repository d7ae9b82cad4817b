import { rm } from 'node:fs/promises';
import { PassThrough, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { SealpipeError } from '../../../src/errors.js';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { threadError } from '../../../src/logs/pino/thread-error.js';
import { TransportStream } from '../../../src/logs/pino/transport-stream.js';
import { tempFolder } from '../../support/temp-folder.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { openWriter } from '../support/machine.js';
import { readLines } from '../support/proved.js';

const MIB = 1_048_576;
const nothing = async () => undefined;

async function opened({ files = systemFiles, longestHold = 60_000, options = {} } = {}) {
  const directory = await tempFolder();
  const writer = await openWriter(directory, options, files);
  const release = vi.fn(nothing);
  return { directory, writer, release, stream: new TransportStream(writer, release, longestHold) };
}

/** Node 22 and later wait for it themselves, in a pipeline. */
const closeOf = async (stream: Writable) =>
  stream.closed || new Promise((resolve) => stream.once('close', resolve));

describe('the stream of the transport', () => {
  it('has a flush that thread-stream takes for one with a callback', async () => {
    const { stream, writer } = await opened({ options: { flush: { interval: 60_000 } } });
    expect(stream.flush).toHaveLength(1);
    expect(writer.stream.flush).toHaveLength(1);
    stream.write('one\ntwo\n');
    await new Promise<void>((resolve, reject) => stream.flush((e) => (e ? reject(e) : resolve())));
    expect(writer.positions.durable.records).toBe(2);
    stream.destroy();
    await closeOf(stream);
  });

  it('flushes what waits in it as well', async () => {
    const { stream, writer } = await opened({ options: { flush: { interval: 60_000 } } });
    stream.write('one\n');
    stream.write('two\n');
    stream.write('three\n');
    await new Promise<void>((resolve, reject) => stream.flush((e) => (e ? reject(e) : resolve())));
    expect(writer.positions.durable.records).toBe(3);
    stream.write('four\n');
    stream.end('five\n');
    await new Promise<void>((resolve, reject) => stream.flush((e) => (e ? reject(e) : resolve())));
    expect(writer.positions.durable.records).toBe(5);
    await closeOf(stream);
  });

  it.each([
    ['an error', new Error('the reason'), 'the reason'],
    ['none', undefined, 'destroyed before it took these lines'],
  ])('tells a flush whose lines it has not taken when it is destroyed: with %s', async (_, error, words) => {
    const { stream } = await opened();
    stream.on('error', () => undefined);
    stream.write('one\n');
    stream.write('two\n');
    const flushed = new Promise<Error | null | undefined>((resolve) => stream.flush(resolve));
    stream.destroy(error);
    const after = new Promise<Error | null | undefined>((resolve) => stream.flush(resolve));
    for (const told of [await flushed, await after]) expect(told?.message).toContain(words);
    await closeOf(stream);
  });

  it('ends and closes with nobody who reads it, and lets go of its keys', async () => {
    const { directory, stream, release } = await opened();
    stream.write('one\n');
    stream.end('two');
    await closeOf(stream);
    expect(release).toHaveBeenCalled();
    expect(await readLines(directory)).toEqual(['one', 'two']);
  });

  it('passes on what it has taken as fast as that is read', async () => {
    const { directory, stream } = await opened();
    const given = Array.from({ length: 500 }, (_, i) => `${i} ${'€'.repeat(1_000)}\n`);
    const taken: Buffer[] = [];
    let waiting = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk, _encoding, callback) {
        taken.push(chunk);
        waiting = Math.max(waiting, stream.readableLength);
        setImmediate(callback);
      },
    });
    await pipeline(given, stream, slow);
    expect(Buffer.concat(taken).toString()).toBe(given.join(''));
    expect(waiting).toBeLessThan(200_000);
    expect(await readLines(directory)).toEqual(given.map((line) => line.trimEnd()));
  });

  it('keeps what it has taken if the stream behind it fails', async () => {
    const { directory, stream, release } = await opened();
    const broken = new Writable({ write: (_chunk, _encoding, callback) => callback(new Error('broken')) });
    await expect(pipeline(['one\n', 'two\n', 'three\n'], stream, broken)).rejects.toThrow('broken');
    await closeOf(stream);
    expect(release).toHaveBeenCalled();
    expect((await readLines(directory))[0]).toBe('one');
  });

  it('fails in the words of the writer, once', async () => {
    const { directory, stream } = await opened();
    const errors: Error[] = [];
    stream.on('error', (error) => errors.push(error));
    await rm(directory, { recursive: true });
    stream.write('lost\n');
    await closeOf(stream);
    await turn();
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('(ERR_SEALPIPE_ARCHIVE)')]);
  });

  it('fails if lines find no room for long, and not while they wait for a reader', async () => {
    const files = new FaultyFiles(systemFiles);
    const { stream, writer } = await opened({ files, longestHold: 120, options: { compress: false } });
    const source = new PassThrough();
    const sink = new PassThrough({ highWaterMark: 1 });
    const piped = pipeline(source, stream, sink);
    // The buffer of the archive takes it at once.
    source.write(Buffer.alloc(MIB / 8, 'a line that nobody reads\n'));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(stream.destroyed).toBe(false);
    files.fault = ({ call, path }) => (call === 'write' && path.endsWith('.open') ? 'ENOSPC' : undefined);
    sink.resume();
    source.write('a line that finds a full disk\n');
    await vi.waitUntil(() => writer.trouble !== undefined, { timeout: 60_000 });
    for (let i = 0; i < 8; i++) source.write(Buffer.alloc(MIB, 'a line that finds no room\n'));
    await expect(piped).rejects.toThrow('no room for a line: ENOSPC: write (ERR_SEALPIPE_LIMIT)');
  });
});

describe('an error that goes to another thread', () => {
  it.each([
    [
      new SealpipeError('ERR_SEALPIPE_LOCKED', 'It is locked', { hint: 'Wait' }),
      'It is locked. Wait (ERR_SEALPIPE_LOCKED)',
    ],
    [
      Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', syscall: 'write' }),
      'ENOSPC: no space left',
    ],
    [Object.assign(new Error('a secret'), { secret: () => undefined }), '[redacted]'],
    ['text', '[redacted]'],
  ])('can be copied, and says what happened: %s', (error, message) => {
    const copy = structuredClone(threadError(error));
    expect(copy).toBeInstanceOf(Error);
    expect(copy.message).toBe(message);
    expect(copy.stack).toContain(message);
  });
});
