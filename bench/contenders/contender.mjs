// @ts-check
import { formatSize } from '../sizes.mjs';

/** @typedef {import('../streams/input.mjs').Input} Input */
/** @typedef {import('../streams/sinks.mjs').Take} Take */
/** @typedef {import('sealpipe').SuiteName} SuiteName */

/**
 * Names a contender, in a form that can be passed to another process.
 *
 * @typedef {{ kind: 'sealpipe', engine: import('sealpipe').EngineName, suite: SuiteName, layout: import('sealpipe').LayoutName, frameSize: number }} SealpipeSpec
 * @typedef {{ kind: 'raw', suite: import('./raw-suites.mjs').RawSuite }} RawSpec
 * @typedef {{ kind: 'aws', signed: boolean, frameSize: number }} AwsSpec
 * @typedef {{ kind: 'memcpy' } | { kind: 'passthrough' } | { kind: 'age' } | { kind: 'noble' }} PlainSpec
 * @typedef {SealpipeSpec | RawSpec | AwsSpec | PlainSpec} Spec
 */

/**
 * One way to seal a stream. The output goes to `take`; without it, the output is dropped.
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

/** Modules are loaded on demand, so that a process holds no other contender's code. */
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
