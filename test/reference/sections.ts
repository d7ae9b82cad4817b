import { hex, looseArray, looseBin, looseMap, looseStr, looseUint } from './loose-pack.js';

/** The pairs of a bound that is whole: nothing withheld, the context empty. */
export const BOUND_PAIRS = [
  ['context', looseMap([])],
  ['created', looseUint(1_700_000_000)],
] as const;

export function boundWith(...pairs: readonly (readonly [string, Uint8Array])[]): Buffer {
  return looseMap([...BOUND_PAIRS, ...pairs]);
}

export function boundOfContext(
  ...pairs: readonly (readonly [string | Uint8Array, string | Uint8Array])[]
): Buffer {
  const context = looseMap(pairs.map(([key, value]) => [key, looseStr(value)] as const));
  return looseMap([['context', context], BOUND_PAIRS[1]]);
}

export function chainWith(over: Record<string, Uint8Array | undefined> = {}, index = 1): Buffer {
  const fields: Record<string, Uint8Array | undefined> = {
    archive: looseBin(Buffer.alloc(16, 0xa1)),
    index: looseUint(index),
    previous: looseBin(Buffer.alloc(32, index === 0 ? 0 : 0xb2)),
    ...over,
  };
  return looseMap(Object.entries(fields).flatMap(([key, value]) => (value ? [[key, value] as const] : [])));
}

export function recipientWith(over: Record<string, Uint8Array | undefined> = {}): Buffer {
  const fields: Record<string, Uint8Array | undefined> = {
    provider: looseStr('raw'),
    key: looseStr('backup'),
    wrapped: looseBin(hex('00 01 02 03')),
    ...over,
  };
  return looseMap(Object.entries(fields).flatMap(([key, value]) => (value ? [[key, value] as const] : [])));
}

export function envelopeOf(
  recipients: readonly Uint8Array[],
  ...pairs: readonly (readonly [string, Uint8Array])[]
): Buffer {
  return looseMap([['recipients', looseArray(recipients)], ...pairs]);
}

/** `count` recipients that differ in their keys. */
export function manyRecipients(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => recipientWith({ key: looseStr(`key-${i}`) }));
}
