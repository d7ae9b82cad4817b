import { createHash, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { KeyScheduleInput } from '../../src/crypto/key-schedule.js';
import { deriveStreamKeys, sha256 } from '../../src/crypto/key-schedule.js';
import { SUITE_NAMES, SUITES } from '../../src/suites.js';

const DATA_KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
const INPUT: KeyScheduleInput = {
  suite: SUITES['AES-256-GCM'],
  salt: Buffer.alloc(32, 0x5a),
  parameters: Buffer.of(1, 1, 16, 0),
  boundBytes: Buffer.from('82a7636f6e7465787480a76372656174656401', 'hex'),
  contextDigest: sha256(Buffer.alloc(4)),
};

/** FORMAT 5, over node:crypto's own HKDF. */
function byNode(
  dataKey: Uint8Array,
  { suite, salt, parameters, boundBytes, contextDigest }: KeyScheduleInput,
) {
  const digest = createHash('sha256').update(boundBytes).digest();
  const info = Buffer.concat([Buffer.from('sealpipe/1\0'), parameters, digest, contextDigest]);
  const derive = (label: string, length: number) =>
    Buffer.from(hkdfSync('sha512', dataKey, salt, Buffer.concat([info, Buffer.from(label)]), length));
  const material = derive('frames', suite.keySize + suite.nonceSize);
  return {
    commitment: derive('commitment', 32),
    frameKey: material.subarray(0, suite.keySize),
    baseNonce: material.subarray(suite.keySize),
  };
}

const hexes = (keys: { commitment: Uint8Array; frameKey: Uint8Array; baseNonce: Uint8Array }) =>
  [keys.commitment, keys.frameKey, keys.baseNonce].map((bytes) => Buffer.from(bytes).toString('hex'));

describe('the keys of a stream', () => {
  it.each(SUITE_NAMES)('are those of FORMAT 5 for %s', (name) => {
    const input = { ...INPUT, suite: SUITES[name] };
    for (const length of [SUITES[name].keySize, 64, 1_024]) {
      const dataKey = Buffer.alloc(length, 0x3c);
      expect(hexes(deriveStreamKeys(dataKey, input))).toEqual(hexes(byNode(dataKey, input)));
    }
    const { commitment, frameKey, baseNonce } = deriveStreamKeys(DATA_KEY, input);
    expect([commitment.length, frameKey.length, baseNonce.length]).toEqual([32, SUITES[name].keySize, 12]);
  });

  it('are these, for these inputs', () => {
    expect(hexes(deriveStreamKeys(DATA_KEY, INPUT))).toMatchInlineSnapshot(`
      [
        "bffe2defe9b06078183c934ec30d95da2a81b3758951eaaba592e928578446f1",
        "7c0f666a75dda0500a4742828efc9349a0a15494ffc036e32deebc5f61c6ef29",
        "7ca98e7562ff676f46cd2c70",
      ]
    `);
  });

  it.each([
    ['the salt', { salt: Buffer.alloc(32, 0x5b) }],
    ['the version', { parameters: Buffer.of(2, 1, 16, 0) }],
    ['the suite', { parameters: Buffer.of(1, 4, 16, 0) }],
    ['the frame size', { parameters: Buffer.of(1, 1, 17, 0) }],
    ['the layout', { parameters: Buffer.of(1, 1, 16, 1) }],
    ['a byte of the bound', { boundBytes: Buffer.from('82a7636f6e7465787480a76372656174656402', 'hex') }],
    ['the context', { contextDigest: sha256(Buffer.alloc(5)) }],
  ] as [string, Partial<KeyScheduleInput>][])('are all others when %s is another', (_, over) => {
    const before = hexes(deriveStreamKeys(DATA_KEY, INPUT));
    const after = hexes(deriveStreamKeys(DATA_KEY, { ...INPUT, ...over }));
    for (const [i, value] of before.entries()) expect(after[i]).not.toBe(value);
  });

  it('leave the data key and every input as they were', () => {
    const dataKey = Buffer.from(DATA_KEY);
    const before = JSON.stringify([dataKey, INPUT]);
    deriveStreamKeys(dataKey, INPUT);
    expect(JSON.stringify([dataKey, INPUT])).toBe(before);
  });

  it('can be wiped without harm to another derivation', () => {
    const first = deriveStreamKeys(DATA_KEY, INPUT);
    const second = deriveStreamKeys(DATA_KEY, INPUT);
    const kept = hexes(second);
    first.frameKey.fill(0);
    first.baseNonce.fill(0);
    expect(hexes(second)).toEqual(kept);
    expect(Buffer.from(first.commitment).toString('hex')).toBe(kept[0]);
  });
});
