import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/session/one-shot.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { outcome } from '../support/outcome.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

const refusal = { name: 'TypeError', code: 'ERR_SEALPIPE_OPTIONS' };
const LOST: readonly (readonly [BufferEncoding, string])[] = [
  ['utf8', 'a\ud800b'],
  ['utf8', '\udc00'],
  ['utf-8', 'end \ud83d'],
  ['latin1', 'zw\u00f6lf \u20ac'],
  ['binary', '\u0100'],
  ['ascii', '\u20ac'],
  ['hex', '00f'],
  ['hex', '00zz11'],
  ['base64', 'AAAA*AAA'],
  ['base64', 'AA==AAAA'],
  ['base64url', 'AAAAA'],
];
const KEPT: readonly (readonly [BufferEncoding, string])[] = [
  ['utf8', 'zw\u00f6lf \u{1f600} \ufffd \ufeff\0'],
  ['utf16le', 'a\ud800b'],
  ['ucs2', '\udc00\ud800'],
  ['latin1', 'zw\u00f6lf \0'],
  ['ascii', '\0 ~'],
  ['hex', '00fFa0'],
  ['base64', 'AP8Q\nAP8='],
  ['base64url', '_-8'],
  ['base64', ''],
];

describe.each(['fixed', 'record'] as const)('text, in the %s layout,', (layout) => {
  it.each(LOST)('that %s cannot hold is refused by write() and end(): %j', async (encoding, text) => {
    for (const how of ['write', 'end'] as const) {
      const stream = createEncryptStream({ keys, layout });
      const over = outcome(stream);
      stream.write('before');
      stream[how](text, encoding);
      stream.end();
      const { error, ended, bytes } = await over;
      expect(error).toMatchObject(refusal);
      expect(error?.message).not.toContain(text);
      expect([ended, stream.bytesIn]).toEqual([false, 6]);
      await expect(decrypt(bytes, { keys })).rejects.toMatchObject({ cutShort: true });
    }
  });

  it.each(KEPT)('that %s can hold is sealed as Node encodes it: %j', async (encoding, text) => {
    const stream = createEncryptStream({ keys, layout });
    const over = outcome(stream);
    stream.write(text, encoding);
    stream.write(text, encoding.toUpperCase() as BufferEncoding);
    stream.setDefaultEncoding(encoding);
    stream.end(text);
    const bytes = Buffer.from(text, encoding);
    expect(await decrypt((await over).bytes, { keys })).toEqual(Buffer.concat([bytes, bytes, bytes]));
    expect(stream.bytesIn).toBe(3 * bytes.length);
  });

  it('in the default encoding that was set is judged by that', async () => {
    const stream = createEncryptStream({ keys, layout });
    const over = outcome(stream);
    stream.setDefaultEncoding('hex');
    stream.end('xyz');
    expect((await over).error).toMatchObject(refusal);
  });

  it('is refused where a surrogate pair is split over two writes, whose halves stand for nothing', async () => {
    const stream = createEncryptStream({ keys, layout });
    const over = outcome(stream);
    stream.write('\ud83d');
    stream.end('\ude00');
    expect(await over).toMatchObject({ error: refusal, ended: false });
  });

  it('counts towards expectedLength in bytes', async () => {
    const stream = createEncryptStream({ keys, layout, expectedLength: 3 });
    const over = outcome(stream);
    stream.end('\u20ac');
    expect(String(await decrypt((await over).bytes, { keys }))).toBe('\u20ac');
  });
});

it('is refused by encrypt() for the same reason', async () => {
  await expect(encrypt('a\ud800b', { keys })).rejects.toMatchObject(refusal);
});
