import { describe, expect, it } from 'vitest';
import { decrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { hanging } from '../support/hanging-provider.js';
import { outcome } from '../support/outcome.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const record = { keys, layout: 'record', frameSize: 4_096 } as const;

/** The plaintext that can be read from the bytes that are there. */
async function readable(sealed: Buffer): Promise<string> {
  const stream = createDecryptStream({ keys });
  const over = outcome(stream);
  stream.write(sealed);
  await turns(8);
  stream.destroy();
  return String((await over).bytes);
}

describe('flush()', () => {
  it('resolves when everything written before it can be read', async () => {
    const stream = createEncryptStream(record);
    const chunks: Buffer[] = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.write('first ');
    await stream.flush();
    expect([stream.framesOut, await readable(Buffer.concat(chunks))]).toEqual([1, 'first ']);
    stream.write('second ');
    stream.write('third');
    await stream.flush();
    expect([stream.framesOut, await readable(Buffer.concat(chunks))]).toEqual([2, 'first second third']);
    stream.end();
    await turns();
    expect(String(await decrypt(Buffer.concat(chunks), { keys }))).toBe('first second third');
  });

  it('keeps its place among writes that do not wait for each other', async () => {
    const stream = createEncryptStream(record);
    const over = outcome(stream);
    const frames: [string, number, number][] = [];
    const note = (name: string) => () => frames.push([name, stream.framesOut, stream.bytesIn]);
    stream.write('one');
    const first = stream.flush().then(note('first'));
    stream.write('two');
    const second = stream.flush().then(note('second'));
    stream.write('three');
    stream.end();
    await Promise.all([first, second]);
    const { bytes, ended } = await over;
    expect(ended).toBe(true);
    expect(frames.map(([name]) => name)).toEqual(['first', 'second']);
    expect(stream.framesOut).toBe(3);
    expect(String(await decrypt(bytes, { keys }))).toBe('onetwothree');
  });

  it('with nothing pending writes nothing, and resolves', async () => {
    const stream = createEncryptStream(record);
    stream.resume();
    await stream.flush();
    await stream.flush();
    expect([stream.framesOut, stream.bytesOut]).toEqual([0, stream.header!.preambleSize]);
    stream.write(Buffer.alloc(4_096));
    await Promise.all([stream.flush(), stream.flush()]);
    expect(stream.framesOut).toBe(1);
    stream.destroy();
  });

  it('waits for the key', async () => {
    const { provider, asked, answer } = hanging(keys, 'generate');
    const stream = createEncryptStream({ ...record, keys: provider });
    stream.resume();
    stream.write('early');
    let flushed = false;
    const flush = stream.flush().then(() => {
      flushed = true;
    });
    await asked;
    await turns();
    expect(flushed).toBe(false);
    answer();
    await flush;
    expect(stream.framesOut).toBe(1);
    stream.destroy();
  });

  it('waits for a reader that is stalled, and no longer', async () => {
    const stream = createEncryptStream({ ...record, readableHighWaterMark: 1_000 });
    stream.write(Buffer.alloc(4_096));
    let flushed = false;
    const flush = stream.flush().then(() => {
      flushed = true;
    });
    await turns(10);
    expect(flushed).toBe(false);
    stream.resume();
    await flush;
    expect(stream.framesOut).toBe(1);
    stream.destroy();
  });

  it('in a corked stream is done when it is uncorked', async () => {
    const stream = createEncryptStream(record);
    const over = outcome(stream);
    stream.cork();
    stream.write('a');
    const flush = stream.flush();
    stream.write('b');
    await turns();
    expect(stream.framesOut).toBe(0);
    stream.uncork();
    await flush;
    stream.end();
    expect(String(await decrypt((await over).bytes, { keys }))).toBe('ab');
    expect(stream.framesOut).toBe(2);
  });

  it('may be called by whoever reads the stream', async () => {
    const stream = createEncryptStream(record);
    const flushes: Promise<void>[] = [];
    stream.on('data', () => {
      if (flushes.length < 3) {
        stream.write('more');
        flushes.push(stream.flush());
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all(flushes);
    expect([flushes.length, stream.framesOut]).toEqual([3, 3]);
    stream.destroy();
  });

  it('many times over costs one frame each and keeps every byte', async () => {
    const stream = createEncryptStream(record);
    const over = outcome(stream);
    const lines = Array.from({ length: 300 }, (_, i) => `line ${i}\n`);
    const flushes = lines.map((line) => {
      stream.write(line);
      return stream.flush();
    });
    stream.end();
    await Promise.all(flushes);
    expect(String(await decrypt((await over).bytes, { keys }))).toBe(lines.join(''));
    expect(stream.framesOut).toBe(301);
  });
});
