import { sha256 } from '../../../src/crypto/key-schedule.js';
import { SUITES } from '../../../src/crypto/suites.js';
import { FrameSealer } from '../../../src/frames/sealer.js';
import { rawKey } from '../../../src/keys/raw.js';
import { encryptSettings } from '../../../src/streams/encrypt-options.js';
import { composeSeal } from '../../../src/streams/seal-setup.js';
import type { Sort } from '../case-kit.js';
import { everySort, OUR_KEYS, SUITE_NAMES, sortName } from '../case-kit.js';
import { rawWrapping } from '../craft.js';
import type { Vector } from '../form.js';
import { vectorOf } from '../form.js';
import { CREATED, KEY_NAME, material, seed, WRAPPING_KEY } from '../material.js';

const F = 4_096;
const LENGTHS = [
  ['0', 0],
  ['1', 1],
  ['f-minus-1', F - 1],
  ['f', F],
  ['f-plus-1', F + 1],
] as const;

/** What this library's writer makes of plaintexts of every edge length, of flushes, and of every frame size. */
export function lengthCases(): Vector[] {
  return [
    ...everySort().flatMap((sort) =>
      LENGTHS.map(([length, bytes]) =>
        written(`lengths/${sortName(sort)}-${length}`, `A plaintext of ${bytes} bytes, F is ${F}`, sort, F, [
          material(`lengths ${length}`, bytes),
        ]),
      ),
    ),
    ...SUITE_NAMES.map((suite) =>
      written(
        `lengths/${sortName({ suite, layout: 'record' })}-flushes`,
        'Flushed after 10 bytes, 1 byte, F + 3 bytes, and right before the end: the last frame is empty',
        { suite, layout: 'record' },
        F,
        [10, 1, F + 3, 20, 0].map((size, i) => material(`flush ${i}`, size)),
      ),
    ),
    ...[13, 14, 15, 16, 17, 18, 19, 20].map((log2, i) => {
      const sort = everySort()[i]!;
      const name = `lengths/frame-size-2-to-the-${log2}`;
      const pieces = [material(name, 9)];
      return written(name, `A frame size of ${2 ** log2}`, sort, 2 ** log2, pieces);
    }),
  ];
}

/** Sealed by the library's own floors, with a flush between two pieces. */
function written(
  name: string,
  comment: string,
  sort: Sort,
  frameSize: number,
  pieces: readonly Buffer[],
): Vector {
  const keys = rawKey({ name: KEY_NAME, key: WRAPPING_KEY });
  const settings = encryptSettings({ ...sort, frameSize, keys, encryptionContext: { vector: 'lengths' } });
  const dataKey = material(`${name}, data key`, SUITES[sort.suite].keySize);
  const recipient = rawWrapping(name, dataKey, sha256(settings.context.contextBytes));
  const { preamble, cipher, layout } = composeSeal(
    settings,
    dataKey,
    [{ provider: 'raw', key: KEY_NAME, wrapped: recipient.wrapped }],
    { salt: seed(`${name}, salt`), created: CREATED },
  );
  const sealed: Uint8Array[] = [preamble];
  const sealer = new FrameSealer(cipher, layout, (bytes) => sealed.push(bytes));
  for (const [i, piece] of pieces.entries()) {
    if (i > 0) sealer.flush();
    sealer.write(piece);
  }
  sealer.finish();
  const stream = Buffer.concat(sealed);
  const preambleSize = preamble.length;
  const released = Buffer.concat(pieces);
  return vectorOf({ name, comment, ...sort, keys: OUR_KEYS, preambleSize, released, stream });
}
