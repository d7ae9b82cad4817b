// @ts-check
import { formatSize } from '../sizes.mjs';

/** @typedef {import('../streams/input.mjs').Input} Input */
/** @typedef {import('../streams/sinks.mjs').Take} Take */
/** @typedef {import('sealpipe').SuiteName} SuiteName */

/**
 * Which contender, as it goes from one process to another.
 *
 * @typedef {{ kind: 'sealpipe', engine: import('sealpipe').EngineName, suite: SuiteName, layout: import('sealpipe').LayoutName, frameSize: number }} SealpipeSpec
 * @typedef {{ kind: 'raw', suite: import('./raw-suites.mjs').RawSuite }} RawSpec
 * @typedef {{ kind: 'aws', signed: boolean, frameSize: number }} AwsSpec
 * @typedef {{ kind: 'memcpy' } | { kind: 'passthrough' } | { kind: 'age' } | { kind: 'noble' }} PlainSpec
 * @typedef {SealpipeSpec | RawSpec | AwsSpec | PlainSpec} Spec
 */

/**
 * One way to seal a stream. What comes out is given to `take`, or goes nowhere.
 *
 * @typedef {object} Contender
 * @property {(input: Input, take?: Take) => Promise<Sealed>} seal
 */

/**
 * A stream that was sealed: how to open it again.
 *
 * @typedef {object} Sealed
 * @property {(input: Input, take?: Take) => Promise<void>} open
 * @property {(sealed: Uint8Array) => Promise<Uint8Array>} openElsewhere by other code
 */

/** Modules are loaded where they are needed: a process has no other contender's code in it. */
const LOADERS = {
  sealpipe: async (/** @type {SealpipeSpec} */ spec) => (await import('./sealpipe.mjs')).sealpipe(spec),
  raw: async (/** @type {RawSpec} */ spec) => (await import('./raw-cipher.mjs')).rawCipher(spec),
  memcpy: async () => (await import('./copies.mjs')).memcpy(),
  passthrough: async () => (await import('./copies.mjs')).passThrough(),
  aws: async (/** @type {AwsSpec} */ spec) => (await import('./aws.mjs')).awsEncryptionSdk(spec),
  age: async () => (await import('./age.mjs')).age(),
  noble: async () => (await import('./noble.mjs')).noble(),
};

/**
 * @param {Spec} spec
 * @returns {Promise<Contender>}
 */
export function contenderOf(spec) {
  const load = /** @type {(spec: Spec) => Promise<Contender>} */ (LOADERS[spec.kind]);
  return load(spec);
}

/** @param {Spec} spec */
export function nameOf(spec) {
  switch (spec.kind) {
    case 'sealpipe':
      return `sealpipe ${spec.engine}`;
    case 'raw':
      return 'raw cipher';
    case 'passthrough':
      return 'PassThrough';
    case 'aws':
      return `AWS ESDK ${spec.signed ? 'default' : `unsigned, ${formatSize(spec.frameSize)}`}`;
    case 'age':
      return 'age-encryption';
    case 'noble':
      return '@noble/ciphers';
    default:
      return spec.kind;
  }
}
