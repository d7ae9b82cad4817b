import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { readHeader } from '../../src/streams/read-header.js';
import { outcome } from '../support/outcome.js';
import { patterned, piecesOf } from '../support/pieces.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { tempFolder } from '../support/temp-folder.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const plaintext = patterned(200_000);
const sealed = await encrypt(plaintext, { keys });
const LISTENERS = ['readable', 'data', 'end', 'error', 'close'];

/** A Readable that gives one piece at a time, some turns apart. */
function slow(pieces: readonly Uint8Array[], objectMode = false): Readable {
  const left = [...pieces];
  return new Readable({
    objectMode,
    read() {
      setImmediate(() => this.push(left.shift() ?? null));
    },
  });
}

async function opened(source: Readable): Promise<Buffer> {
  const stream = createDecryptStream({ keys });
  const over = outcome(stream);
  await pipeline(source, stream);
  return (await over).bytes;
}

const sources: readonly [what: string, make: () => Promise<Readable>][] = [
  ['in one piece', async () => slow([sealed])],
  [
    'in pieces of 7 bytes',
    async () => slow(piecesOf(sealed.subarray(0, 2_000), 7).concat([sealed.subarray(2_000)])),
  ],
  ['in objects', async () => Readable.from(piecesOf(sealed, 100))],
  ['with all of it pushed before', async () => pushed(sealed)],
  ['through a stream that is being written to', async () => written(sealed)],
  ['from a file', async () => createReadStream(await file(sealed))],
  ['from a file, in small reads', async () => createReadStream(await file(sealed), { highWaterMark: 64 })],
  ['that was paused', async () => slow([sealed]).pause()],
];

describe('a Readable whose header was read', () => {
  it.each(sources)('%s can be decrypted afterwards', async (_, make) => {
    const source = await make();
    const before = LISTENERS.map((event) => source.listenerCount(event));
    const header = await readHeader(source);
    expect(header).toEqual(await readHeader(sealed));
    expect(LISTENERS.map((event) => source.listenerCount(event))).toEqual(before);
    expect((await opened(source)).equals(plaintext)).toBe(true);
  });

  it.each(sources)('%s can be read again, and again', async (_, make) => {
    const source = await make();
    const first = await readHeader(source);
    await turns();
    expect(await readHeader(source)).toEqual(first);
    expect((await opened(source)).equals(plaintext)).toBe(true);
  });

  it.each(sources)('%s gives every byte, also to a loop', async (_, make) => {
    const source = await make();
    await readHeader(source);
    expect(Buffer.concat(await source.toArray()).equals(sealed)).toBe(true);
  });
});

describe('a Readable whose header cannot be read', () => {
  const foreign = Buffer.from('{"not":"sealed"}\n'.repeat(10));
  const short = sealed.subarray(0, 300);

  it.each([
    ['another file', foreign, 'ERR_SEALPIPE_FORMAT'],
    [
      'a file that begins as ours does',
      Buffer.concat([sealed.subarray(0, 8), foreign]),
      'ERR_SEALPIPE_UNSUPPORTED',
    ],
    ['a stream that is cut short', short, 'ERR_SEALPIPE_TRUNCATED'],
    ['a single byte', sealed.subarray(0, 1), 'ERR_SEALPIPE_TRUNCATED'],
  ])('since it is %s still gives all that it had', async (_, bytes, code) => {
    for (const source of [
      slow([bytes]),
      slow(piecesOf(bytes, 7)),
      Readable.from(piecesOf(bytes, 9)),
      pushed(bytes),
      written(bytes),
      createReadStream(await file(bytes)),
    ]) {
      await expect(readHeader(source)).rejects.toMatchObject({ code });
      await turns();
      expect(Buffer.concat(await source.toArray()).equals(bytes)).toBe(true);
    }
  });

  it('since it is empty ends', async () => {
    for (const source of [slow([]), pushed(Buffer.alloc(0)), createReadStream(await file(Buffer.alloc(0)))]) {
      await expect(readHeader(source)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TRUNCATED' });
    }
  });

  it('since it has objects that are no bytes still gives them', async () => {
    const objects = [sealed.subarray(0, 50), { not: 'bytes' }, 'text'];
    const source = Readable.from(objects);
    await expect(readHeader(source)).rejects.toMatchObject({
      name: 'TypeError',
      code: 'ERR_SEALPIPE_OPTIONS',
    });
    expect(await source.toArray()).toEqual(objects);
  });

  it('since it has an encoding is not touched', async () => {
    const source = slow([Buffer.from('zwölf')]).setEncoding('utf8');
    await expect(readHeader(source)).rejects.toMatchObject({
      name: 'TypeError',
      code: 'ERR_SEALPIPE_OPTIONS',
    });
    expect((await source.toArray()).join('')).toBe('zwölf');
  });

  it('since it is flowing is not touched', async () => {
    const source = slow([sealed]);
    const over = outcome(source);
    await expect(readHeader(source)).rejects.toMatchObject({
      name: 'TypeError',
      code: 'ERR_SEALPIPE_OPTIONS',
    });
    expect((await over).bytes.equals(sealed)).toBe(true);
  });

  it('since it has ended or was destroyed says so', async () => {
    const ended = slow([]).resume();
    await new Promise((resolve) => ended.once('close', resolve));
    const mine = new Error('mine');
    const failed = slow([])
      .on('error', () => undefined)
      .destroy(mine);
    await expect(readHeader(ended)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    await expect(readHeader(slow([]).destroy())).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
    await expect(readHeader(failed)).rejects.toBe(mine);
  });

  it.each([
    ['with an error', new Error('mine')],
    ['without one', undefined],
  ])('that is destroyed while its header is read, %s, leaves no listener', async (_, error) => {
    const source = new PassThrough();
    source.write(short);
    const header = readHeader(source);
    header.catch(() => undefined);
    await turns();
    source.destroy(error);
    if (error) await expect(header).rejects.toBe(error);
    else await expect(header).rejects.toMatchObject({ code: 'ERR_SEALPIPE_TRUNCATED' });
    expect([source.listenerCount('readable'), source.listenerCount('close')]).toEqual([0, 0]);
  });

  it('since its file is not there rejects with the error of the file', async () => {
    const source = createReadStream(join(await tempFolder(), 'absent'));
    await expect(readHeader(source)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

function pushed(bytes: Uint8Array): Readable {
  const source = new Readable({ read: () => undefined });
  if (bytes.length > 0) source.push(bytes);
  source.push(null);
  return source;
}

function written(bytes: Uint8Array): Readable {
  const source = new PassThrough();
  for (const piece of piecesOf(bytes, 1_000)) source.write(piece);
  source.end();
  return source;
}

async function file(bytes: Uint8Array): Promise<string> {
  const path = join(await tempFolder(), 'source');
  await writeFile(path, bytes);
  return path;
}
