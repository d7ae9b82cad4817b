// @ts-check

/**
 * @typedef {object} Case
 * @property {import('sealpipe').EngineName} engine
 * @property {import('sealpipe').SuiteName} suite
 * @property {'encrypt' | 'decrypt'} direction
 * @property {import('sealpipe').LayoutName} layout
 * @property {number} frameSize bytes
 * @property {number} chunkSize bytes
 * @property {number} size bytes of plaintext in one op, which is one whole stream
 */

const KIB = 1024;
const MIB = 1024 * KIB;

/** noble is two orders slower: its streams are shorter. */
const SIZES = { native: 128 * MIB, node: 128 * MIB, noble: 2 * MIB };

/** @type {Omit<Case, 'engine' | 'size'>} */
const usual = {
  suite: 'AES-256-GCM',
  direction: 'encrypt',
  layout: 'fixed',
  frameSize: 64 * KIB,
  chunkSize: 64 * KIB,
};

/** @type {Omit<Case, 'engine' | 'size'>[]} */
const shapes = [
  usual,
  { ...usual, direction: 'decrypt' },
  { ...usual, layout: 'record' },
  { ...usual, frameSize: 4 * KIB },
  { ...usual, frameSize: MIB, chunkSize: MIB },
  { ...usual, chunkSize: MIB },
  { ...usual, chunkSize: KIB },
  { ...usual, suite: 'AES-128-GCM' },
  { ...usual, suite: 'CHACHA20-POLY1305' },
  { ...usual, suite: 'AES-256-GCM-SIV' },
  { ...usual, suite: 'SM4-GCM' },
];

/**
 * Every shape with every engine that serves its suite here.
 *
 * @param {import('sealpipe').EngineReport} report
 * @returns {Case[]}
 */
export function cases(report) {
  return shapes.flatMap((shape) =>
    Object.keys(SIZES)
      .map((name) => /** @type {keyof typeof SIZES} */ (name))
      .filter(
        (engine) => report.find(({ suite }) => suite === shape.suite)?.unavailable[engine] === undefined,
      )
      .map((engine) => ({ ...shape, engine, size: shape.suite === 'SM4-GCM' ? 8 * MIB : SIZES[engine] })),
  );
}

/** @param {number} bytes */
function short(bytes) {
  return bytes >= MIB ? `${bytes / MIB} MiB` : `${bytes / KIB} KiB`;
}

/** @param {Case} c */
export function nameOf({ engine, suite, direction, layout, frameSize, chunkSize }) {
  return `${engine} ${suite} ${direction} ${layout} ${short(frameSize)} / ${short(chunkSize)}`;
}
