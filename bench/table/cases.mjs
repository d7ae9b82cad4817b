// @ts-check
import { hasRawCipher } from '../contenders/raw-suites.mjs';
import { KIB, MIB } from '../sizes.mjs';

/** @typedef {import('../contenders/contender.mjs').Spec} Spec */
/** @typedef {import('../contenders/contender.mjs').SealpipeSpec} SealpipeSpec */

/**
 * One row of the table.
 *
 * @typedef {object} Case
 * @property {Spec} contender
 * @property {import('../contenders/prepared.mjs').Direction} direction
 * @property {number} chunkSize bytes
 */

/** Everything that can vary in our streams. */
export const AXES = /** @type {const} */ ({
  engine: ['native', 'node', 'noble'],
  suite: ['AES-256-GCM', 'AES-128-GCM', 'CHACHA20-POLY1305', 'AES-256-GCM-SIV', 'SM4-GCM'],
  frame: [4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB],
  chunk: [64, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB],
  direction: ['encrypt', 'decrypt'],
  layout: ['fixed', 'record'],
});

/** @typedef {{ [A in keyof typeof AXES]?: readonly (typeof AXES)[A][number][] }} Selection values of some axes */

/** The usual values: most other cases differ from them on one axis. */
const USUAL = /** @type {const} */ ({
  suite: ['AES-256-GCM'],
  frame: [64 * KIB],
  chunk: [64 * KIB],
  layout: ['fixed'],
});

/**
 * What the table shows by default: every engine with every suite that it serves, one axis varied at a time, and the
 * crosses that matter: large chunks that hold many frames, frames and chunks that are both large, and small lines in
 * the record layout.
 *
 * @type {readonly Selection[]}
 */
const SHOWN = [
  { suite: AXES.suite },
  { frame: AXES.frame },
  { chunk: AXES.chunk },
  { layout: ['record'], chunk: [KIB, 64 * KIB] },
  { frame: [4 * KIB, MIB], chunk: [MIB] },
  { engine: ['node'], frame: [4 * KIB, MIB] },
];

/**
 * @param {import('sealpipe').EngineReport} report
 * @returns {Case[]}
 */
export function shownCases(report) {
  const fastest = report.find(({ suite }) => suite === 'AES-256-GCM')?.engine ?? 'node';
  const all = SHOWN.flatMap((selection) => {
    const engine = selection.suite === undefined ? { engine: [fastest] } : {};
    return casesOf({ ...USUAL, ...engine, ...selection }, report);
  });
  return distinct(all);
}

/**
 * The cases of a selection. An axis that it does not name stays at its usual value; with `full`, it takes all values.
 *
 * @param {Selection} selection
 * @param {boolean} full
 * @param {import('sealpipe').EngineReport} report
 */
export function selectedCases(selection, full, report) {
  return casesOf({ ...(full ? AXES : USUAL), ...selection }, report);
}

/** The peers, and the raw cipher of each suite that has one. @returns {Case[]} */
export function peerCases() {
  /** @type {Spec[]} */
  const peers = [
    { kind: 'passthrough' },
    { kind: 'memcpy' },
    ...AXES.suite.filter(hasRawCipher).map((suite) => /** @type {const} */ ({ kind: 'raw', suite })),
    { kind: 'aws', signed: true, frameSize: 4 * KIB },
    { kind: 'aws', signed: false, frameSize: 64 * KIB },
    { kind: 'aws', signed: false, frameSize: MIB },
    { kind: 'age' },
    { kind: 'noble' },
  ];
  return peers.flatMap((contender) =>
    AXES.direction.map((direction) => ({ contender, direction, chunkSize: 64 * KIB })),
  );
}

/**
 * The product of the axes, without the suites that an engine does not serve here.
 *
 * @param {Selection} selection
 * @param {import('sealpipe').EngineReport} report
 * @returns {Case[]}
 */
function casesOf(selection, report) {
  const { engine, suite, frame, chunk, direction, layout } = { ...AXES, ...selection };
  return engine
    .flatMap((e) => suite.map((s) => /** @type {const} */ ([e, s])))
    .filter(([e, s]) => report.find((line) => line.suite === s)?.unavailable[e] === undefined)
    .flatMap(([e, s]) =>
      direction.flatMap((d) =>
        layout.flatMap((l) =>
          frame.flatMap((frameSize) =>
            chunk.map((chunkSize) => ({
              contender: {
                kind: /** @type {const} */ ('sealpipe'),
                engine: e,
                suite: s,
                layout: l,
                frameSize,
              },
              direction: d,
              chunkSize,
            })),
          ),
        ),
      ),
    );
}

/** @param {readonly Case[]} cases */
function distinct(cases) {
  return [...new Map(cases.map((one) => [JSON.stringify(one), one])).values()];
}
