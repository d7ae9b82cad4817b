import { describe, expect, it } from 'vitest';
import { decodeEnvelope, encodeEnvelope } from '../../src/format/envelope.js';
import { loadPackWriter } from '../../src/format/pack-writer.js';
import { codeOf } from '../reference/failure.js';
import { hex, looseArray, looseBin, looseMap, looseStr, looseUint } from '../reference/loose-pack.js';
import { envelopeOf, manyRecipients, recipientWith } from '../reference/sections.js';

await loadPackWriter();

const decode = (bytes: Uint8Array) => decodeEnvelope(bytes, bytes.length)!;
const withOne = (over: Record<string, Uint8Array | undefined>) => envelopeOf([recipientWith(over)]);

describe('an envelope', () => {
  it('says who can unwrap the data key, in its order', () => {
    const recipients = [
      { provider: 'raw', key: 'zebra', wrapped: Uint8Array.of(1, 2) },
      { provider: 'my.own', key: '\ufeffkey\0', wrapped: new Uint8Array(6_144).fill(3) },
      { provider: 'aws-kms', key: 'é'.repeat(1_024), wrapped: Uint8Array.of(4) },
    ];
    expect(decode(encodeEnvelope(recipients))).toEqual(recipients);
  });

  it.each([[1], [2], [31], [32]])('may have %i recipients', (count) => {
    expect(decode(envelopeOf(manyRecipients(count)))).toHaveLength(count);
  });

  it.each([[0], [33], [100]])('may not have %i recipients', (count) => {
    expect(codeOf(() => decode(envelopeOf(manyRecipients(count))))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('is refused at the count of its recipients', () => {
    const head = Buffer.concat([hex('81'), looseStr('recipients')]);
    const begun = (count: string) => () => decodeEnvelope(Buffer.concat([head, hex(count)]), 65_536);
    expect(begun('dc 0020')()).toBeUndefined();
    expect(codeOf(begun('dc 0021'))).toBe('ERR_SEALPIPE_FORMAT');
    expect(codeOf(begun('90'))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('names no key of a provider twice', () => {
    const other = recipientWith({ wrapped: looseBin(hex('ff')) });
    expect(codeOf(() => decode(envelopeOf([recipientWith(), other])))).toBe('ERR_SEALPIPE_FORMAT');
    const apart = manyRecipients(31);
    expect(codeOf(() => decode(envelopeOf([...apart, apart[0]!])))).toBe('ERR_SEALPIPE_FORMAT');
  });

  it('may name one key of two providers, and two keys that look alike', () => {
    const alike = [
      recipientWith(),
      recipientWith({ provider: looseStr('other.one') }),
      recipientWith({ key: looseStr('Backup') }),
      recipientWith({ key: looseStr('\ufeffbackup') }),
      // The names run together are the same bytes as those of the next.
      recipientWith({ provider: looseStr('rawb'), key: looseStr('ackup') }),
    ];
    expect(decode(envelopeOf(alike))).toHaveLength(5);
  });

  it('is in memory of its own', () => {
    const bytes = envelopeOf([recipientWith()]);
    const [recipient] = decode(bytes);
    bytes.fill(0);
    expect(recipient).toEqual({ provider: 'raw', key: 'backup', wrapped: Uint8Array.of(0, 1, 2, 3) });
  });

  it.each([
    ['on top', envelopeOf([recipientWith()], ['later', looseArray([looseMap([])])])],
    ['of a recipient', withOne({ later: looseMap([]) })],
    ['`__proto__`', envelopeOf([recipientWith()], ['__proto__', looseMap([])])],
  ])('may have an unknown key: %s', (_, bytes) => {
    expect(decode(bytes)).toHaveLength(1);
  });

  it.each([
    ['no recipients', looseMap([['pad', looseBin(hex('00'))]])],
    ['recipients that are a map', looseMap([['recipients', recipientWith()]])],
    ['nil for recipients', looseMap([['recipients', hex('c0')]])],
    ['nil for a recipient', envelopeOf([hex('c0')])],
    ['a fifth container', withOne({ later: looseArray([looseMap([])]) })],
    ['a byte behind it', Buffer.concat([withOne({}), hex('00')])],
    ['recipients twice', envelopeOf([recipientWith()], ['recipients', looseArray([recipientWith()])])],
  ])('is refused with %s', (_, bytes) => {
    expect(codeOf(() => decode(bytes))).toBe('ERR_SEALPIPE_FORMAT');
  });
});

describe('a recipient', () => {
  const text = (length: number) => looseStr('x'.repeat(length));

  it.each([
    ['a provider of 1 byte', { provider: text(1) }],
    ['a provider of 64 bytes', { provider: text(64) }],
    ['a provider of every legal kind of character', { provider: looseStr('a-z.0-9') }],
    ['a key of 1 byte', { key: text(1) }],
    ['a key of 2,048 bytes', { key: text(2_048) }],
    ['a wrapped key of 1 byte', { wrapped: looseBin(Buffer.alloc(1)) }],
    ['a wrapped key of 6,144 bytes', { wrapped: looseBin(Buffer.alloc(6_144)) }],
  ] as [string, Record<string, Uint8Array>][])('may have %s', (_, over) => {
    expect(codeOf(() => decode(withOne(over)))).toBeUndefined();
  });

  it.each([
    ['no provider', { provider: undefined }],
    ['no key', { key: undefined }],
    ['no wrapped key', { wrapped: undefined }],
    ['an empty provider', { provider: text(0) }],
    ['a provider of 65 bytes', { provider: text(65) }],
    ['a provider with a capital', { provider: looseStr('Raw') }],
    ['a provider with an underscore', { provider: looseStr('a_b') }],
    ['a provider with a slash', { provider: looseStr('a/b') }],
    ['a provider with a blank', { provider: looseStr('a ') }],
    ['a provider with U+0000', { provider: looseStr('a\0') }],
    ['a provider beyond ASCII', { provider: looseStr('ä') }],
    ['a provider with a character just outside a to z', { provider: looseStr('{') }],
    ['a provider with a character just outside 0 to 9', { provider: looseStr(':') }],
    ['a provider with a comma', { provider: looseStr(',') }],
    ['an empty key', { key: text(0) }],
    ['a key of 2,049 bytes', { key: text(2_049) }],
    ['a key of 1,025 characters of two bytes', { key: looseStr('é'.repeat(1_025)) }],
    ['a key that is not UTF-8', { key: looseStr(hex('ff')) }],
    ['a key that is a binary', { key: looseBin(hex('61')) }],
    ['an empty wrapped key', { wrapped: looseBin(Buffer.alloc(0)) }],
    ['a wrapped key of 6,145 bytes', { wrapped: looseBin(Buffer.alloc(6_145)) }],
    ['a wrapped key that is a string', { wrapped: looseStr('abcd') }],
    ['a number for a wrapped key', { wrapped: looseUint(1) }],
  ] as [string, Record<string, Uint8Array | undefined>][])('may not have %s', (_, over) => {
    expect(codeOf(() => decode(withOne(over)))).toBe('ERR_SEALPIPE_FORMAT');
  });
});
