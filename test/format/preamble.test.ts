import { describe, expect, it } from 'vitest';
import { encodePreamble, FORMAT_LIMITS, PreambleReader } from '../../src/format/preamble.js';
import { codeOf, failure } from '../reference/failure.js';
import { hex, looseBin, looseMap, looseStr, looseUint } from '../reference/loose-pack.js';
import { BOUND, ENVELOPE, preambleOf } from '../reference/preambles.js';
import { boundWith, chainWith, envelopeOf, manyRecipients } from '../reference/sections.js';

const read = (bytes: Uint8Array, limits = FORMAT_LIMITS) => new PreambleReader(limits).take(bytes, 0);

describe('a preamble', () => {
  it('says all that a stream says of itself', () => {
    const content = looseMap([['type', looseStr('text/plain')]]);
    const bound = boundWith(['chain', chainWith({ closed: hex('c3') })], ['content', content]);
    const bytes = preambleOf(bound, ENVELOPE, { suite: 5, log2: 12, layout: 1 });
    const { taken, preamble } = read(bytes);
    expect(taken).toBe(bytes.length);
    expect(preamble!.header).toStrictEqual({
      version: 1,
      suite: 'SM4-GCM',
      frameSize: 4_096,
      layout: 'record',
      encryptionContext: Object.create(null),
      created: 1_700_000_000_000,
      chain: {
        archive: new Uint8Array(16).fill(0xa1),
        index: 1,
        previous: new Uint8Array(32).fill(0xb2),
        closed: true,
      },
      content: { type: 'text/plain' },
      recipients: [
        { provider: 'raw', key: 'backup', wrapped: Uint8Array.of(0, 1, 2, 3) },
        { provider: 'raw', key: 'other', wrapped: Uint8Array.of(0, 1, 2, 3) },
      ],
      salt: Buffer.alloc(32, 5),
      commitment: Buffer.alloc(32, 6),
      preambleSize: bytes.length,
    });
    expect(Buffer.compare(preamble!.prologueBytes, bytes.subarray(0, 84))).toBe(0);
    expect(Buffer.compare(preamble!.boundBytes, bound)).toBe(0);
  });

  it('tells a withheld context from an empty one', () => {
    const withheld = read(
      preambleOf(
        looseMap([
          ['context', hex('c0')],
          ['created', looseUint(1)],
        ]),
      ),
    ).preamble!;
    expect([withheld.header.encryptionContext, withheld.contextBytes]).toEqual([null, null]);
    const empty = read(preambleOf(boundWith())).preamble!;
    expect(Object.keys(empty.header.encryptionContext!)).toEqual([]);
    expect(Buffer.from(empty.contextBytes!).toString('hex')).toBe('00000000');
  });

  it('is put together from its sections, with their lengths', () => {
    const { suite, frameSize, layout, salt, commitment } = read(preambleOf()).preamble!.header;
    const bytes = encodePreamble({ suite, frameSize, layout, salt, commitment }, BOUND, ENVELOPE);
    expect(Buffer.compare(bytes, preambleOf())).toBe(0);
  });

  it('keeps nothing of the chunks that it was read from', () => {
    const bytes = preambleOf();
    const { preamble } = read(bytes);
    const before = JSON.stringify(preamble);
    bytes.fill(0xff);
    expect(JSON.stringify(preamble)).toBe(before);
  });

  it('ends where it ends: what follows is not taken', () => {
    const bytes = Buffer.concat([hex('aabb'), preambleOf(), hex('ccdd')]);
    expect(new PreambleReader().take(bytes, 2).taken).toBe(bytes.length - 4);
  });

  it('is refused for its prologue, its bound, its envelope, in this order', () => {
    const bytes = preambleOf(boundWith(['created', looseUint(1)]), envelopeOf([]), { suite: 9 });
    expect(failure(() => read(bytes)).code).toBe('ERR_SEALPIPE_UNSUPPORTED');
    expect(
      failure(() => read(preambleOf(boundWith(['created', looseUint(1)]), envelopeOf([])))).message,
    ).toMatch(/twice/);
    expect(failure(() => read(preambleOf(BOUND, envelopeOf([])))).message).toMatch(/array/);
  });
});

describe("a reader's own limits", () => {
  const limits = (over: object) => ({ ...FORMAT_LIMITS, ...over });

  it('are those of FORMAT.md unless told', () => {
    expect(FORMAT_LIMITS).toEqual({
      maxRecipients: 32,
      maxFrameSize: 1_048_576,
      maxPreambleSize: 84 + 2 * 65_536,
    });
    const pad = (size: number) => envelopeOf(manyRecipients(32), ['pad', looseBin(Buffer.alloc(size))]);
    const largest = preambleOf(BOUND, pad(65_536 - pad(60_000).length + 60_000), { log2: 20 });
    expect(codeOf(() => read(largest))).toBeUndefined();
  });

  it('hold for recipients: at the limit, and one over it', () => {
    const bytes = preambleOf(BOUND, envelopeOf(manyRecipients(3)));
    expect(codeOf(() => read(bytes, limits({ maxRecipients: 3 })))).toBeUndefined();
    const error = failure(() => read(bytes, limits({ maxRecipients: 2 })));
    expect(error.code).toBe('ERR_SEALPIPE_LIMIT');
    expect(error.hint).toContain('maxRecipients');
    expect(
      codeOf(() => read(preambleOf(BOUND, envelopeOf(manyRecipients(33))), limits({ maxRecipients: 2 }))),
    ).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('hold for the frame size before anything behind the prologue is there', () => {
    const prologue = preambleOf(BOUND, ENVELOPE, { log2: 14 }).subarray(0, 84);
    expect(codeOf(() => read(prologue, limits({ maxFrameSize: 16_384 })))).toBeUndefined();
    const error = failure(() => read(prologue, limits({ maxFrameSize: 16_383 })));
    expect(error.code).toBe('ERR_SEALPIPE_LIMIT');
    expect(error.hint).toContain('maxFrameSize');
  });

  it('hold for the size of the preamble before anything behind the prologue is there', () => {
    const bytes = preambleOf();
    const prologue = bytes.subarray(0, 84);
    expect(codeOf(() => read(prologue, limits({ maxPreambleSize: bytes.length })))).toBeUndefined();
    const error = failure(() => read(prologue, limits({ maxPreambleSize: bytes.length - 1 })));
    expect(error.code).toBe('ERR_SEALPIPE_LIMIT');
    expect(error.hint).toContain('maxPreambleSize');
  });
});
