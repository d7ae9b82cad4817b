import { describe, expect, it } from 'vitest';
import type { Bound } from '../../src/format/bound.js';
import { decodeBound, encodeBound } from '../../src/format/bound.js';
import { canonicalContext } from '../../src/format/encryption-context.js';
import { loadPackWriter } from '../../src/format/pack-writer.js';
import { codeOf } from '../reference/failure.js';
import { hex, looseArray, looseBin, looseMap, looseStr, looseUint } from '../reference/loose-pack.js';
import { boundWith, chainWith } from '../reference/sections.js';

await loadPackWriter();

const decode = (bytes: Uint8Array) => decodeBound(bytes, bytes.length)!;

describe('a bound', () => {
  it.each([
    ['nothing but what it must', { context: canonicalContext({}), created: 0 }],
    ['a context', { context: canonicalContext({ '10': 'a', '2': '\ufeffb', '-': '' }), created: 1 }],
    ['a withheld context', { context: null, created: 2 ** 32 - 1 }],
    [
      'a place in an archive',
      {
        context: null,
        created: 5,
        chain: { archive: new Uint8Array(16).fill(1), index: 7, previous: new Uint8Array(32).fill(2) },
      },
    ],
    [
      'an end of an archive',
      {
        context: null,
        created: 5,
        chain: { archive: new Uint8Array(16).fill(1), index: 0, previous: new Uint8Array(32), closed: true },
      },
    ],
    ['hints', { context: null, created: 5, content: { encoding: 'gzip', type: 'text/plain' } }],
    ['no hints', { context: null, created: 5, content: {} }],
  ] as [string, Bound][])('comes back with %s', (_, bound) => {
    const back = decode(encodeBound(bound));
    expect(back).toEqual(bound);
  });

  it('takes a context of every awkward key in its canonical order', () => {
    const context = canonicalContext(
      JSON.parse('{"10":"a","2":"b","-":"c","__proto__":"d","constructor":"e","\ufeff":"f"}'),
    );
    const back = decode(encodeBound({ context, created: 0 }));
    expect(back.context).toEqual(context);
    expect(Object.keys(back.context!.encryptionContext)).toHaveLength(6);
  });

  it.each([
    ['an unknown key', ['later', looseArray([looseMap([])])]],
    ['an unknown key with 2^53 - 1', ['later', looseUint(2 ** 53 - 1)]],
    ['an unknown `__proto__`', ['__proto__', looseMap([['created', looseUint(9)]])]],
    ['a chain with an unknown key', ['chain', chainWith({ later: hex('c0') })]],
    ['hints with an unknown key', ['content', looseMap([['later', hex('c2')]])]],
    ['hints of one kind', ['content', looseMap([['type', looseStr('')]])]],
    ['the highest index', ['chain', chainWith({ index: looseUint(2 ** 53 - 1) })]],
  ] as [string, [string, Uint8Array]][])('may have %s', (_, pair) => {
    expect(decode(boundWith(pair)).created).toBe(1_700_000_000);
  });

  it.each([
    ['no context', looseMap([['created', looseUint(1)]])],
    ['no time', looseMap([['context', hex('c0')]])],
    ['no field at all', looseMap([])],
    [
      'a context that is a string',
      looseMap([
        ['context', looseStr('')],
        ['created', looseUint(1)],
      ]),
    ],
    [
      'a context that is an array',
      looseMap([
        ['context', looseArray([])],
        ['created', looseUint(1)],
      ]),
    ],
    [
      'false for a context',
      looseMap([
        ['context', hex('c2')],
        ['created', looseUint(1)],
      ]),
    ],
    [
      'nil for a time',
      looseMap([
        ['context', hex('c0')],
        ['created', hex('c0')],
      ]),
    ],
    [
      'a float for a time',
      looseMap([
        ['context', hex('c0')],
        ['created', hex('cb 41d9555555400000')],
      ]),
    ],
    ['an array on top', looseArray([])],
    ['nil on top', hex('c0')],
    ['a byte behind it', Buffer.concat([boundWith(), hex('c0')])],
    ['a field twice', boundWith(['created', looseUint(1)])],
    ['nil for a chain', boundWith(['chain', hex('c0')])],
    ['nil for hints', boundWith(['content', hex('c0')])],
    ['a number for a hint', boundWith(['content', looseMap([['type', looseUint(1)]])])],
    ['nil for a hint', boundWith(['content', looseMap([['encoding', hex('c0')]])])],
  ])('is refused with %s', (_, bytes) => {
    expect(codeOf(() => decode(bytes))).toBe('ERR_SEALPIPE_FORMAT');
  });
});

describe('the chain of a bound', () => {
  it.each([
    ['no archive', { archive: undefined }],
    ['no index', { index: undefined }],
    ['no previous', { previous: undefined }],
    ['an archive of 15 bytes', { archive: looseBin(Buffer.alloc(15)) }],
    ['an archive of 17 bytes', { archive: looseBin(Buffer.alloc(17)) }],
    ['an archive that is a string', { archive: looseStr('x'.repeat(16)) }],
    ['a previous of 31 bytes', { previous: looseBin(Buffer.alloc(31)) }],
    ['a previous of 33 bytes', { previous: looseBin(Buffer.alloc(33)) }],
    ['a negative index', { index: hex('ff') }],
    ['an index of 2^53', { index: hex('cf 0020000000000000') }],
    ['closed: false', { closed: hex('c2') }],
    ['closed: nil', { closed: hex('c0') }],
    ['closed: 1', { closed: hex('01') }],
  ] as [string, Record<string, Uint8Array | undefined>][])('is refused with %s', (_, over) => {
    expect(codeOf(() => decode(boundWith(['chain', chainWith(over)])))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('begins with index 0 and zeros', () => {
    expect(decode(boundWith(['chain', chainWith({}, 0)])).chain?.index).toBe(0);
    const wrong = chainWith({ previous: looseBin(Buffer.alloc(32, 1)) }, 0);
    expect(codeOf(() => decode(boundWith(['chain', wrong])))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it.each([
    ['index, previous', ['index', 'previous', 'archive']],
    ['previous, index', ['previous', 'index', 'archive']],
    ['with archive between them', ['previous', 'archive', 'index']],
  ])(
    'with index 0 is refused as soon as a previous digest has been read that is not zeros: %s',
    (_, order) => {
      const fields: Record<string, Buffer> = {
        archive: looseBin(Buffer.alloc(16, 0xa1)),
        index: looseUint(0),
        previous: looseBin(Buffer.alloc(32).fill(1, 31)),
      };
      const bytes = boundWith(['chain', looseMap(order.map((field) => [field, fields[field]!]))]);
      const last = Math.max(order.indexOf('index'), order.indexOf('previous'));
      const read =
        Buffer.from(looseMap(order.slice(last + 1).map((field) => [field, fields[field]!]))).length - 1;
      const cut = bytes.length - read;
      expect(decodeBound(bytes.subarray(0, cut - 1), bytes.length)).toBeUndefined();
      expect(codeOf(() => decodeBound(bytes.subarray(0, cut), bytes.length))).toBe('ERR_SEALPIPE_FORMAT');
    },
  );

  it('is in memory of its own', () => {
    const bytes = boundWith(['chain', chainWith()]);
    const { chain } = decode(bytes);
    bytes.fill(0);
    expect(chain!.archive).toEqual(new Uint8Array(16).fill(0xa1));
    expect(chain!.previous).toEqual(new Uint8Array(32).fill(0xb2));
  });

  it("is refused at the head of a chain's bytes if they cannot fit any more", () => {
    const until = hex('83 a5 636861696e 83 a7 61726368697665 c4');
    expect(decodeBound(until, until.length + 17)).toBeUndefined();
    expect(codeOf(() => decodeBound(until, until.length + 16))).toBe('ERR_SEALPIPE_FORMAT');
  });
});
