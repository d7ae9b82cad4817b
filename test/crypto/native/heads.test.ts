import { describe, expect, it } from 'vitest';
import { resizable } from '../../../scripts/fuzz-native/new-buffers.mjs';
import { codeOf } from '../../reference/failure.js';
import { framesByNode, nativeCipher, needsAddon, someBytes } from './addon-here.js';
import { GONE, KINDS, viewOf } from './views.js';

const SUITE = 'AES-256-GCM';
const AAD = Buffer.from('associated data');
const SIZE = 40;
const UNIT = SIZE + 16;
const TEXT = someBytes(2 * SIZE);
const FRAMES = framesByNode(SUITE, 0, AAD, SIZE, TEXT);
const NONE = Buffer.alloc(0);
const REFUSED = 'ERR_SEALPIPE_OPTIONS';

needsAddon();

const seal = (head: Uint8Array, rest: Uint8Array, out: Uint8Array, offset = 0, aad: Uint8Array = AAD): void =>
  nativeCipher().sealFrames(0, aad, SIZE, head, rest, out, offset);
const open = (
  head: Uint8Array,
  rest: Uint8Array,
  out: Uint8Array,
  offset = 0,
  aad: Uint8Array = AAD,
): number => nativeCipher().openFrames(0, aad, SIZE, head, rest, out, offset);

describe('the head of frames that the addon seals and opens', () => {
  it.each(KINDS)('can be %s, and so can the rest', (_, kind) => {
    for (const other of [kind, (size: number) => new Uint8Array(size)]) {
      const out = Buffer.alloc(FRAMES.length);
      seal(viewOf(kind, TEXT.subarray(0, 21)), viewOf(other, TEXT.subarray(21)), out);
      expect(out.equals(FRAMES)).toBe(true);
      const text = Buffer.alloc(TEXT.length);
      expect(open(viewOf(other, FRAMES.subarray(0, 45)), viewOf(kind, FRAMES.subarray(45)), text)).toBe(2);
      expect(text.equals(TEXT)).toBe(true);
    }
  });

  it.each(GONE)('is empty where it is %s', (_, kind) => {
    const out = Buffer.alloc(FRAMES.length);
    expect(codeOf(() => seal(kind(21), TEXT.subarray(21), out))).toBe(REFUSED);
    expect(codeOf(() => open(kind(21), FRAMES.subarray(21), out))).toBe(REFUSED);
    expect(codeOf(() => seal(TEXT.subarray(0, 21), kind(59), out))).toBe(REFUSED);
    expect(codeOf(() => open(FRAMES.subarray(0, 21), kind(91), out))).toBe(REFUSED);
    expect(out.equals(Buffer.alloc(out.length))).toBe(true);
    seal(kind(21), TEXT, out);
    expect(out.equals(FRAMES)).toBe(true);
    expect(open(kind(21), FRAMES, Buffer.alloc(TEXT.length))).toBe(2);
    expect(open(kind(21), kind(91), kind(80))).toBe(0);
    seal(kind(21), kind(59), kind(112));
  });

  it('has the length that its buffer leaves it at the time of each call', () => {
    const buffer = resizable(30, 100);
    const head = new Uint8Array(buffer);
    head.set(TEXT.subarray(0, 30));
    const out = Buffer.alloc(FRAMES.length);
    seal(head, TEXT.subarray(30), out);
    expect(out.equals(FRAMES)).toBe(true);
    buffer.resize(7);
    expect(codeOf(() => seal(head, TEXT.subarray(30), out))).toBe(REFUSED);
    out.fill(0);
    seal(head, TEXT.subarray(7), out);
    expect(out.equals(FRAMES)).toBe(true);
  });

  it('is read to its last byte before memory that cannot be touched, and not beyond', () => {
    const page = 65_536;
    const head = new Uint8Array(resizable(page, 4 * page), page - 39);
    head.set(TEXT.subarray(0, 39));
    const out = Buffer.alloc(FRAMES.length);
    seal(head, TEXT.subarray(39), out);
    expect(out.equals(FRAMES)).toBe(true);
  });

  it('is never as long as a frame, whatever lies behind it', () => {
    const out = Buffer.alloc(4 * UNIT, 0xa5);
    for (const length of [SIZE, SIZE + 1, 2 * SIZE]) {
      expect(codeOf(() => seal(TEXT.subarray(0, length), TEXT.subarray(length), out))).toBe(REFUSED);
    }
    expect(codeOf(() => seal(TEXT.subarray(0, SIZE), NONE, out))).toBe(REFUSED);
    for (const length of [UNIT, UNIT + 1, 2 * UNIT]) {
      expect(codeOf(() => open(FRAMES.subarray(0, length), FRAMES.subarray(length), out))).toBe(REFUSED);
    }
    expect(codeOf(() => open(FRAMES.subarray(0, UNIT), NONE, out))).toBe(REFUSED);
    expect(out.every((byte) => byte === 0xa5)).toBe(true);
  });

  it('can be nothing of nothing: no frames', () => {
    seal(NONE, NONE, NONE);
    expect(open(NONE, NONE, NONE)).toBe(0);
    expect(codeOf(() => seal(NONE, NONE, NONE, 1))).toBe(REFUSED);
  });

  it('can touch the rest and the associated data, which are only read', () => {
    const [memory, out] = [Buffer.from(TEXT), Buffer.alloc(2 * UNIT)];
    const [head, rest] = [memory.subarray(0, 30), memory.subarray(20, 30)];
    seal(head, rest, out, 0, head);
    const expected = framesByNode(SUITE, 0, head, SIZE, Buffer.concat([head, rest]));
    expect(out.subarray(0, UNIT).equals(expected)).toBe(true);
    expect(memory.equals(TEXT)).toBe(true);
  });
});

describe('the output of frames with a head', () => {
  const LAST = 2 * UNIT - 1;

  it.each<[string, number, (head: Uint8Array, out: Uint8Array, offset: number) => void, number]>([
    ['sealed', 21, (head, out, offset) => seal(head, TEXT.subarray(21), out, offset), 2 * UNIT],
    ['opened', 45, (head, out, offset) => void open(head, FRAMES.subarray(45), out, offset), 2 * SIZE],
  ])('does not touch the head, where they are %s', (_, length, call, written) => {
    const memory = Buffer.alloc(400, 0xa5);
    for (const at of [150, 151, 150 - length + 1, 150 + written - 1, 170]) {
      expect(
        codeOf(() => call(memory.subarray(at, at + length), memory, 150)),
        `at ${at}`,
      ).toBe(REFUSED);
    }
    expect(memory.every((byte) => byte === 0xa5)).toBe(true);
    for (const at of [150 - length, 150 + written]) {
      const head = memory.subarray(at, at + length);
      call(head, memory, 150);
      expect(head.every((byte) => byte === 0xa5)).toBe(true);
    }
  });

  it('does not touch the rest, nor the associated data, by its first or its last byte', () => {
    const memory = Buffer.alloc(400, 0xa5);
    const head = TEXT.subarray(0, 21);
    for (const at of [150 - 58, 149, 150, 151, 150 + LAST]) {
      const rest = memory.subarray(at, at + 59);
      expect(
        codeOf(() => seal(head, rest, memory, 150)),
        `rest at ${at}`,
      ).toBe(REFUSED);
    }
    for (const at of [150 - 14, 150, 160, 150 + LAST]) {
      const aad = memory.subarray(at, at + 15);
      expect(
        codeOf(() => seal(head, TEXT.subarray(21), memory, 150, aad)),
        `aad at ${at}`,
      ).toBe(REFUSED);
    }
    expect(memory.every((byte) => byte === 0xa5)).toBe(true);
    for (const at of [150 - 59, 150 + 2 * UNIT]) seal(head, memory.subarray(at, at + 59), memory, 150);
    for (const at of [150 - 15, 150 + 2 * UNIT]) {
      seal(head, TEXT.subarray(21), memory, 150, memory.subarray(at, at + 15));
    }
  });

  it('is not the rest of the last frame either, where the head was copied from before it', () => {
    const memory = Buffer.concat([FRAMES, Buffer.alloc(8)]);
    const [head, rest] = [Buffer.from(memory.subarray(0, 21)), memory.subarray(21, 2 * UNIT)];
    expect(codeOf(() => open(head, rest, memory, 21))).toBe(REFUSED);
    expect(codeOf(() => open(head, rest, memory, 0))).toBe(REFUSED);
    expect(memory.subarray(0, 2 * UNIT).equals(FRAMES)).toBe(true);
  });
});
