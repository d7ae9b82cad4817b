import { closeSync, constants, openSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { NativeAddon } from '../../../src/crypto/native/addon.js';
import { loadAddon } from '../../../src/crypto/native/addon.js';
import { growPipe, pipeCalls } from '../../../src/crypto/native/pipe-calls.js';
import { systemPipe } from '../../support/system-pipe.js';
import { needsAddon } from './addon-here.js';
import { WRONG_BYTES, WRONG_NUMBERS } from './wrong-values.js';

needsAddon();

function addonHere(): NativeAddon {
  const addon = loadAddon();
  if (typeof addon === 'string') throw new Error(addon);
  return addon;
}

/** Both ends of a pipe, opened so that they do not wait. */
async function ends() {
  const pipe = await systemPipe();
  const open = (flags: number) => {
    const descriptor = openSync(pipe.path, flags | constants.O_NONBLOCK);
    onTestFinished(() => closeSync(descriptor));
    return descriptor;
  };
  const [reader, writer] = [open(constants.O_RDONLY), open(constants.O_WRONLY)];
  const [reading, writing] = [pipeCalls(reader, () => undefined), pipeCalls(writer, () => undefined)];
  onTestFinished(() => {
    reading.watch.close();
    writing.watch.close();
  });
  return { pipe, reader, writer, reading, writing };
}

describe('the calls for pipes', () => {
  it('take what is there, into views one behind the other, and do not wait where nothing is', async () => {
    const { pipe, reading, writing } = await ends();
    expect(reading.read([Buffer.alloc(1)])).toBeUndefined();
    expect(writing.write([Buffer.from('he'), Buffer.alloc(0), Buffer.from('llo')])).toBe(5);
    const [first, second] = [Buffer.alloc(3), Buffer.alloc(9)];
    expect(reading.read([first, second])).toBe(5);
    expect([first.toString(), second.toString('latin1')]).toEqual(['hel', `lo${'\0'.repeat(7)}`]);
    pipe.end(pipe.writer);
    expect(reading.read([first])).toBeUndefined();
  });

  it('answer 0 at the end, and EPIPE where nobody reads', async () => {
    const { reader: other, ...pipe } = await systemPipe();
    const calls = pipeCalls(other, () => undefined);
    onTestFinished(() => calls.watch.close());
    pipe.end(pipe.writer);
    expect(calls.read([Buffer.alloc(1)])).toBe(0);
    const second = await systemPipe();
    second.end(second.reader);
    const writing = pipeCalls(second.writer, () => undefined);
    onTestFinished(() => writing.watch.close());
    const epipe = expect.objectContaining({
      code: 'EPIPE',
      syscall: 'write',
      message: 'EPIPE: broken pipe, write',
    });
    expect(() => writing.write([Buffer.alloc(1)])).toThrow(epipe);
  });

  it('fill a pipe up to its size and no further', async () => {
    const { writer, writing } = await ends();
    const size = growPipe(writer, 0);
    let written = 0;
    for (let taken: number | undefined = 0; taken !== undefined; written += taken ?? 0) {
      taken = writing.write([Buffer.alloc(40_000), Buffer.alloc(40_000)]);
    }
    expect(written).toBe(size);
  });

  it('name the error of a descriptor that is not open, or open for the other direction', async () => {
    const { reader, writer } = await ends();
    const { readPipe, writePipe, growPipe: grow } = addonHere();
    const view = [Buffer.alloc(1)];
    const ebadf = -9;
    expect([readPipe(2 ** 30, view), writePipe(2 ** 30, view), grow(2 ** 30, 0)]).toEqual([
      ebadf,
      ebadf,
      ebadf,
    ]);
    expect([readPipe(writer, view), writePipe(reader, view)]).toEqual([ebadf, ebadf]);
    expect(() => growPipe(2 ** 30, 0)).toThrow(expect.objectContaining({ code: 'EBADF', syscall: 'fcntl' }));
  });

  it('never make a pipe smaller', async () => {
    const { reader } = await ends();
    const before = growPipe(reader, 0);
    const grown = growPipe(reader, before * 2);
    expect(grown).toBe(before * 2);
    expect([growPipe(reader, 4_096), growPipe(reader, 0)]).toEqual([grown, grown]);
  });
});

describe('wrong arguments of the calls for pipes', () => {
  const refused = expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' });

  it.each(WRONG_NUMBERS)('%s is no descriptor', (_, value) => {
    const { readPipe, writePipe, growPipe: grow, PipeWatch } = addonHere();
    const wrong = value as number;
    for (const call of [readPipe, writePipe]) expect(() => call(wrong, [Buffer.alloc(1)])).toThrow(refused);
    expect(() => grow(wrong, 0)).toThrow(refused);
    expect(() => grow(0, wrong)).toThrow(refused);
    expect(() => new PipeWatch(wrong, () => undefined)).toThrow(refused);
  });

  it.each(WRONG_BYTES)('%s is no view', (_, value) => {
    const { readPipe, writePipe } = addonHere();
    for (const call of [readPipe, writePipe]) {
      expect(() => call(2 ** 30, [Buffer.alloc(1), value as Buffer])).toThrow(refused);
    }
  });

  it('neither is nothing to read into, or no array', () => {
    const { readPipe } = addonHere();
    for (const views of [
      [],
      [Buffer.alloc(0)],
      undefined,
      null,
      7,
      {},
      Buffer.alloc(4),
      new Proxy([Buffer.alloc(1)], {}),
    ]) {
      expect(() => readPipe(2 ** 30, views as Buffer[])).toThrow(refused);
    }
  });

  it('an array whose elements run code is read before memory is looked at', async () => {
    const { reader, writing } = await ends();
    writing.write([Buffer.from('hello')]);
    const first = new Uint8Array(64);
    const views: Uint8Array[] = [first];
    Object.defineProperty(views, 1, {
      configurable: true,
      get: () => {
        structuredClone(first.buffer, { transfer: [first.buffer] });
        return Buffer.alloc(0);
      },
    });
    expect(() => addonHere().readPipe(reader, views)).toThrow(refused);
    const thrown = new Error('mine');
    Object.defineProperty(views, 1, {
      get: () => {
        throw thrown;
      },
    });
    expect(() => addonHere().readPipe(reader, views)).toThrow(thrown);
  });
});
