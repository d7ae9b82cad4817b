// @ts-check
import { KIB, MIB } from '../sizes.mjs';
import { atLeast } from '../targets.mjs';

/** @typedef {import('../contenders/contender.mjs').Spec} Spec */
/** @typedef {import('../contenders/prepared.mjs').Direction} Direction */
/** @typedef {import('sealpipe').EngineName} EngineName */
/** @typedef {import('../figures.mjs').Target} Target */

/**
 * Contenders that are measured in turn in one process.
 *
 * @typedef {object} Race
 * @property {Direction} direction
 * @property {number} chunkSize bytes
 * @property {readonly Spec[]} entrants
 */

/**
 * A race, and the ratios of its entrants that matter.
 *
 * @typedef {object} Question
 * @property {Race} race
 * @property {string} name of the first entrant
 * @property {readonly Asked[]} asked
 * @property {boolean} [defaultMalloc] with the defaults of malloc instead of steady settings
 */

/** @typedef {{ name: string, over: number, under: number, target?: Target | undefined }} Asked two entrants, by number */

const DIRECTIONS = /** @type {const} */ (['encrypt', 'decrypt']);
const CHUNK = 64 * KIB;
const RAW = /** @type {const} */ ({ kind: 'raw', suite: 'AES-256-GCM' });

/**
 * The peers, with the target of our streams beside them and our frame size if it is not 64 KiB. The slowest comes first
 * in a race, since it decides the length of the streams.
 *
 * @type {readonly (readonly [peer: Spec, target: 'awsDefault' | 'awsUnsigned' | undefined, frameSize?: number])[]}
 */
const PEERS = [
  [{ kind: 'memcpy' }, undefined],
  [{ kind: 'aws', signed: true, frameSize: 4 * KIB }, 'awsDefault'],
  [{ kind: 'aws', signed: false, frameSize: 64 * KIB }, 'awsUnsigned'],
  [{ kind: 'aws', signed: false, frameSize: MIB }, 'awsUnsigned'],
  [{ kind: 'aws', signed: false, frameSize: MIB }, 'awsUnsigned', MIB],
  [{ kind: 'age' }, undefined],
  [{ kind: 'noble' }, undefined],
];

/** @param {EngineName} engine @param {number} frameSize @returns {Spec} */
function ours(engine, frameSize) {
  return { kind: 'sealpipe', engine, suite: 'AES-256-GCM', layout: 'fixed', frameSize };
}

/**
 * Our streams against the raw cipher. The targets are for the default engine.
 *
 * @param {readonly EngineName[]} engines the fastest first
 * @returns {Question[]}
 */
export function ownQuestions(engines) {
  return engines.flatMap((engine, rank) =>
    DIRECTIONS.flatMap((direction) =>
      [64 * KIB, 4 * KIB].map((frameSize) => {
        const name = `${direction}, ${engine}, ${frameSize / KIB} KiB frames`;
        const target = rank > 0 ? undefined : atLeast(frameSize === CHUNK ? direction : 'smallFrames');
        return {
          name,
          race: { direction, chunkSize: CHUNK, entrants: [ours(engine, frameSize), RAW] },
          asked: [{ name: `${name} / raw stream`, over: 0, under: 1, target }],
        };
      }),
    ),
  );
}

/**
 * The usual stream once more with the defaults of malloc, which may give memory back and fault it in again.
 *
 * @param {readonly EngineName[]} engines the fastest first
 * @returns {Question[]}
 */
export function mallocQuestions(engines) {
  return DIRECTIONS.flatMap((direction) =>
    engines.slice(0, 1).map((engine) => {
      const name = `${direction}, ${engine}, default malloc`;
      return {
        name,
        race: { direction, chunkSize: CHUNK, entrants: [ours(engine, 64 * KIB), RAW] },
        asked: [{ name: `${name} / raw stream`, over: 0, under: 1 }],
        defaultMalloc: true,
      };
    }),
  );
}

/**
 * The peers, each beside our stream and the raw cipher.
 *
 * @param {EngineName} engine ours
 * @param {(spec: Spec) => string} nameOf
 * @returns {Question[]}
 */
export function peerQuestions(engine, nameOf) {
  return DIRECTIONS.flatMap((direction) =>
    PEERS.map(([peer, target, frameSize = CHUNK]) => {
      const also = frameSize === CHUNK ? '' : ', ours too';
      const name = `${direction}, ${nameOf(peer)}${also}`;
      return {
        name,
        race: { direction, chunkSize: CHUNK, entrants: [peer, RAW, ours(engine, frameSize)] },
        asked: [
          { name: `${name} / raw stream`, over: 0, under: 1 },
          {
            name: `${direction}, sealpipe / ${nameOf(peer)}${also}`,
            over: 2,
            under: 0,
            target: target && atLeast(target),
          },
        ],
      };
    }),
  );
}
