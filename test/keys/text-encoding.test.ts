import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodingOf } from '../../src/keys/text-encoding.js';

const HEX = '0123456789abcdef'.repeat(4);

/** The other order of bytes. */
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('the encoding of a text', () => {
  it.each([
    ['UTF-16', Buffer.from(`\uFEFF${HEX}\r\n`, 'utf16le')],
    ['UTF-16', Buffer.from(HEX, 'utf16le')],
    ['UTF-16', swapped(`\uFEFF${HEX}`)],
    ['UTF-16', swapped(`${HEX}\n`)],
    ['UTF-16', Buffer.from('sixteen letters!', 'utf16le')],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${HEX}\n`)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${'t'.repeat(29)}`)],
  ])('%s is known', (name, content) => expect(encodingOf(content)).toBe(name));

  it.each([
    ['ASCII', Buffer.from(HEX)],
    ['nothing', Buffer.alloc(0)],
    ['a mark alone', Buffer.from('fffe', 'hex')],
    ['zeros', Buffer.alloc(32)],
  ])('that is %s needs no word', (_, content) => expect(encodingOf(content)).toBeUndefined());

  it('is none for random bytes, whatever they begin with', () => {
    const key = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .filter((bytes) => bytes.some((byte) => byte > 0x7f));
    const begin = fc.constantFrom('', 'fffe', 'feff', 'efbbbf');
    fc.assert(
      fc.property(key, begin, (bytes, mark) => {
        const content = Buffer.concat([Buffer.from(mark, 'hex'), bytes]);
        expect(encodingOf(content)).toBeUndefined();
      }),
    );
  });
});
