import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PutBack, readHead } from '../../src/files/file-head.js';
import { FORMAT_LIMITS, PreambleReader } from '../../src/format/preamble.js';
import { encrypt } from '../../src/session/one-shot.js';
import { readHeader } from '../../src/streams/read-header.js';
import { patterned } from '../support/pieces.js';
import { keys } from '../support/test-keys.js';
import { MemoryFile, systemError } from './memory-file.js';

const never = new AbortController().signal;
const sealed = await encrypt(patterned(300_000), { keys, encryptionContext: { a: 'b' } });

describe('the head of a file', () => {
  it('is read in pieces of any size, and what was read can be put back', async () => {
    const header = await readHeader(sealed);
    for (const most of [[1, 700], [83, 84], [1_131], [65_536], [1e9]]) {
      const file = new MemoryFile(sealed, { most });
      const { preamble, bytes } = await readHead(file, never);
      expect(preamble.header).toEqual(header);
      expect(bytes.length).toBeLessThan(header.preambleSize + 65_536);
      const all = Buffer.concat([bytes, file.rest]);
      expect(all.equals(sealed)).toBe(true);
    }
  });

  it.each([
    [0, 'ERR_SEALPIPE_TRUNCATED'],
    [7, 'ERR_SEALPIPE_TRUNCATED'],
    [100, 'ERR_SEALPIPE_TRUNCATED'],
    [1_000, 'ERR_SEALPIPE_TRUNCATED'],
  ])('of %i bytes is cut short', async (length, code) => {
    const reading = readHead(new MemoryFile(sealed.subarray(0, length)), never);
    await expect(reading).rejects.toMatchObject({ code });
  });

  it('is refused at its first wrong byte, for its limits, and with the error of the file', async () => {
    const endless = new MemoryFile(Buffer.alloc(1_000_000));
    await expect(readHead(endless, never)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_FORMAT' });
    expect(endless.operations).toBe(1);
    const limits = { ...FORMAT_LIMITS, maxFrameSize: 4_096 };
    const reading = readHead(new MemoryFile(sealed), never, new PreambleReader(limits));
    await expect(reading).rejects.toMatchObject({ code: 'ERR_SEALPIPE_LIMIT' });
    const error = systemError('EIO', 'read');
    const failing = new MemoryFile(sealed, { most: [10], failsAt: 2, error });
    await expect(readHead(failing, never)).rejects.toBe(error);
  });

  it('is given up when that is told', async () => {
    const stopping = new AbortController();
    const reason = new Error('enough');
    const onBegin = (at: number) => void (at === 1 && stopping.abort(reason));
    const file = new MemoryFile(sealed, { most: [10], onBegin });
    await expect(readHead(file, stopping.signal)).rejects.toBe(reason);
    expect([file.operations, file.inFlight]).toEqual([2, 0]);
  });
});

it('bytes that were put back come first, and then the file', () =>
  fc.assert(
    fc.asyncProperty(
      fc.nat(50),
      fc.array(fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }), { minLength: 1 }),
      async (cut, asked) => {
        const content = patterned(100);
        const file = new PutBack(content.subarray(0, cut), new MemoryFile(content.subarray(cut)));
        const came: Uint8Array[] = [];
        for (const lengths of asked) {
          const views = lengths.map((length) => Buffer.alloc(length + 1));
          const { bytesRead } = await file.readv(views);
          came.push(Buffer.concat(views).subarray(0, bytesRead));
          const total = Buffer.concat(came).length;
          if (total < 100) expect(bytesRead).toBeGreaterThan(0);
        }
        const all = Buffer.concat(came);
        expect(all.equals(content.subarray(0, all.length))).toBe(true);
      },
    ),
  ));
