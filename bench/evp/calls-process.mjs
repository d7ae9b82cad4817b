// @ts-check
/*
 * The same frames sealed by OpenSSL in a loop of C and by the native engine called from JavaScript, in turn in one
 * process. Takes the frame size and the rounds as JSON, prints the seconds of each as JSON.
 */

import { randomBytes } from 'node:crypto';
import { innerModule } from '../../scripts/inner-module.mjs';
import { given } from '../child.mjs';
import { plaintextMemory } from '../contenders/prepared.mjs';
import { MIB } from '../sizes.mjs';
import { evpAddon } from './evp-addon.mjs';

const TAG_SIZE = 16;
/** No run starts with bytes of an earlier chunk. */
const NO_HEAD = new Uint8Array(0);
/** How often one measurement seals all of the memory. */
const PASSES = 4;
/** The most that a stream passes to the engine in one call. */
const RUN = MIB;

/** @type {typeof import('../../src/crypto/native/engine.js')} */
const { nativeEngine } = await import(await innerModule('src/crypto/native/engine.ts'));

/** @type {{ frameSize: number, rounds: number }} */
const { frameSize, rounds } = given();
const addon = evpAddon();
const missing = typeof addon === 'string' ? addon : nativeEngine.missing('AES-256-GCM');
if (typeof addon === 'string' || missing !== undefined) {
  console.log(JSON.stringify({ missing }));
} else {
  const [key, nonce, aad] = [randomBytes(32), randomBytes(12), randomBytes(32)];
  const plaintext = plaintextMemory();
  const out = Buffer.alloc((plaintext.length / frameSize) * (frameSize + TAG_SIZE));
  const cipher = nativeEngine.create('AES-256-GCM', key, nonce);
  const works = [
    () => addon.sealLoop(key, nonce, aad, frameSize, plaintext, out),
    () => timed(() => sealInCalls(cipher, aad, plaintext, out)),
    () => timed(() => sealInRuns(cipher, aad, plaintext, out)),
  ];
  compareOutputs(works, out);
  /** @type {number[][]} */
  const seconds = works.map(() => []);
  const order = works.map((work, at) => ({ work, into: seconds[at] }));
  for (let round = 0; round < rounds; round++) {
    for (const { work, into } of order) into?.push(passes(work));
    order.reverse();
  }
  console.log(JSON.stringify({ size: plaintext.length, seconds }));
}

/** @typedef {import('../../src/crypto/aead.js').FrameCipher} FrameCipher */

/**
 * @param {FrameCipher} cipher
 * @param {Uint8Array} aad
 * @param {Uint8Array} plaintext
 * @param {Uint8Array} out
 */
function sealInCalls(cipher, aad, plaintext, out) {
  const frames = plaintext.length / frameSize;
  for (let i = 0; i < frames; i++) {
    const frame = plaintext.subarray(i * frameSize, (i + 1) * frameSize);
    cipher.seal(i, aad, frame, out, i * (frameSize + TAG_SIZE));
  }
}

/**
 * @param {FrameCipher} cipher
 * @param {Uint8Array} aad
 * @param {Uint8Array} plaintext
 * @param {Uint8Array} out
 */
function sealInRuns(cipher, aad, plaintext, out) {
  const perRun = RUN / frameSize;
  for (let at = 0, i = 0; at < plaintext.length; at += RUN, i += perRun) {
    const rest = plaintext.subarray(at, at + RUN);
    cipher.sealFrames?.(i, aad, frameSize, NO_HEAD, rest, out, i * (frameSize + TAG_SIZE));
  }
}

/** @param {() => number} work @returns {number} seconds of one pass */
function passes(work) {
  let seconds = 0;
  for (let i = 0; i < PASSES; i++) seconds += work();
  return seconds / PASSES;
}

/** @param {() => void} work @returns {number} seconds */
function timed(work) {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/**
 * Runs everything once, as a warm-up, and makes sure that all wrote the same bytes.
 *
 * @param {readonly (() => number)[]} works
 * @param {Buffer} output
 */
function compareOutputs(works, output) {
  let first;
  for (const work of works) {
    output.fill(0);
    work();
    first ??= Buffer.from(output);
    if (!first.equals(output)) throw new Error('C and JavaScript did not seal the same bytes');
  }
}
