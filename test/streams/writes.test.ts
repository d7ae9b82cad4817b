import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { outcome, outcomeOf } from '../support/outcome.js';
import { onlyWhere } from '../support/prerequisite.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

describe.each(['fixed', 'record'] as const)('what can be written, in the %s layout:', (layout) => {
  it('empty chunks, which leave no trace', async () => {
    const stream = createEncryptStream({ keys, layout });
    const over = outcome(stream);
    for (const empty of ['', Buffer.alloc(0), new Uint8Array(0), Buffer.from('')]) stream.write(empty);
    stream.write('a');
    stream.write(Buffer.alloc(0));
    stream.write('b');
    stream.end('');
    const { bytes } = await over;
    expect([stream.framesOut, stream.bytesIn]).toEqual([1, 2]);
    expect(String(await decrypt(bytes, { keys }))).toBe('ab');
  });

  it.each([
    ['utf8', 'zwölf €', Buffer.from('zwölf €')],
    ['latin1', 'zwölf', Buffer.from('zwölf', 'latin1')],
    ['hex', '00ff10', Buffer.from([0, 255, 16])],
    ['base64', 'AP8Q', Buffer.from([0, 255, 16])],
    ['utf16le', 'ab', Buffer.from('ab', 'utf16le')],
  ] as const)('strings in %s', async (encoding, text, bytes) => {
    const stream = createEncryptStream({ keys, layout });
    const over = outcome(stream);
    stream.write(text, encoding);
    stream.setDefaultEncoding(encoding);
    stream.end(text);
    expect(await decrypt((await over).bytes, { keys })).toEqual(Buffer.concat([bytes, bytes]));
  });

  it('a Uint8Array that is a view into a larger memory', async () => {
    const memory = new Uint8Array(100).fill(1);
    memory.fill(2, 40, 60);
    const stream = createEncryptStream({ keys, layout });
    const { bytes } = await outcomeOf(stream, memory.subarray(40, 60));
    expect(await decrypt(bytes, { keys })).toEqual(Buffer.alloc(20, 2));
  });

  it('other views, where this Node takes them', async (context) => {
    const view = new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2);
    const stream = createEncryptStream({ keys, layout });
    const over = outcome(stream);
    let taken = true;
    try {
      stream.write(view as unknown as Uint8Array);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
      taken = false;
    }
    stream.end();
    const plaintext = await decrypt((await over).bytes, { keys });
    expect(plaintext).toEqual(Buffer.from(taken ? [2, 3] : []));
    onlyWhere(context, taken, 'streams of this Node take no other view');
  });

  it.each([
    ['an object', {}, 'ERR_INVALID_ARG_TYPE'],
    ['a number', 1, 'ERR_INVALID_ARG_TYPE'],
    ['null', null, 'ERR_STREAM_NULL_VALUES'],
    ['an ArrayBuffer', new ArrayBuffer(4), 'ERR_INVALID_ARG_TYPE'],
  ])('not %s: that throws, as with any stream of bytes', async (_, chunk, code) => {
    for (const stream of [createEncryptStream({ keys, layout }), createDecryptStream({ keys })]) {
      expect(() => stream.write(chunk)).toThrow(expect.objectContaining({ code }));
      stream.on('error', () => undefined).destroy();
    }
  });
});

describe('a sealed stream', () => {
  it('may be written as text of one of the byte encodings', async () => {
    const sealed = await encrypt('hello', { keys });
    const stream = createDecryptStream({ keys });
    const over = outcome(stream);
    stream.end(sealed.toString('base64'), 'base64');
    expect(String((await over).bytes)).toBe('hello');
  });

  it('may come with empty chunks, byte by byte, and its plaintext be read as text', async () => {
    const sealed = await encrypt('zwölf', { keys, frameSize: 4_096 });
    const stream = createDecryptStream({ keys });
    stream.setEncoding('utf8');
    for (const byte of sealed) {
      stream.write(Buffer.of(byte));
      stream.write(Buffer.alloc(0));
    }
    stream.end();
    expect((await stream.toArray()).join('')).toBe('zwölf');
  });
});
