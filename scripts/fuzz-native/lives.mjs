// The lives of ciphers: made in every way, refused in every way, wiped, and with methods called on other receivers.

import { contents } from './expected.mjs';
import { memory, notMemory } from './memory.mjs';

const SUITES = /** @type {const} */ ([
  ['AES-256-GCM', 32],
  ['AES-128-GCM', 16],
  ['CHACHA20-POLY1305', 32],
]);
const WRONG_SUITES = ['', 'aes-256-gcm', 'AES-256-GCM\0', 'AES-256-GCM-SIV', 'x'.repeat(500), 1, null, {}];

/** @typedef {import('./random.mjs').Random} Random */
/** @typedef {import('./pieces.mjs').Frame} Frame */

/**
 * A cipher, what it was made of, and its current frame. If that frame is being opened, `sealed` is its valid form;
 * `following` is the frame that was last put behind it.
 *
 * @typedef {{ cipher: any, material: import('./expected.mjs').Material, frame: Frame | undefined, sealed: Uint8Array, following: Uint8Array }} Life
 */

/**
 * Makes a cipher, and sometimes makes calls that must be refused.
 *
 * @param {any} FrameCipher of the addon
 * @param {Random} random
 * @returns {Life}
 */
export function lifeOnce(FrameCipher, random) {
  const [suite, keySize] = random.pick(SUITES);
  const [key, nonce] = [random.bytes(keySize), random.bytes(12)];
  const args = [suite, lent(key, random), lent(nonce, random)];
  if (random.chance(0.3)) refused(() => new FrameCipher(...spoilt(args, random)));
  if (random.chance(0.1)) refused(() => FrameCipher(...args));
  if (random.chance(0.1)) refused(() => FrameCipher.apply(new FrameCipher(...args), args));
  const cipher = made(FrameCipher, args, random);
  if (random.chance(0.1)) foreign(cipher, random);
  if (random.chance(0.2)) wiped(new FrameCipher(...args), random);
  const material = { suite, key: contents(key), nonce: contents(nonce) };
  return { cipher, material, frame: undefined, sealed: new Uint8Array(0), following: new Uint8Array(0) };
}

/** @param {any} FrameCipher @param {unknown[]} args @param {Random} random */
function made(FrameCipher, args, random) {
  const makers = [
    () => new FrameCipher(...args),
    () => new FrameCipher(...args, 'more', {}),
    () => Reflect.construct(class extends FrameCipher {}, args),
    () => Object.setPrototypeOf(Reflect.construct(FrameCipher, args, class {}), FrameCipher.prototype),
    () => Object.freeze(new FrameCipher(...args)),
  ];
  return random.pick(makers)();
}

/** @param {any} cipher @param {Random} random */
function foreign(cipher, random) {
  const [aad, out] = [new Uint8Array(1), new Uint8Array(40)];
  const one = [0, aad, new Uint8Array(20), out, 0];
  const run = [0, aad, 4, new Uint8Array(3), new Uint8Array(17), out, 0];
  const piece = [new Uint8Array(20), 0, 20, out, 0];
  const across = [new Uint8Array(20), 17, out, 0, 0, aad, new Uint8Array(4)];
  const calls = { seal: one, open: one, sealFrames: run, openFrames: run, startSeal: one, startOpen: one };
  const all = { ...calls, update: piece, finishSeal: piece, finishOpen: piece, openAcross: across, wipe: [] };
  for (const [method, args] of Object.entries(all)) {
    const receiver = random.pick([
      undefined,
      null,
      1,
      'x',
      {},
      [],
      aad,
      Object.create(cipher),
      new Proxy(cipher, {}),
    ]);
    refused(() => cipher[method].apply(receiver, args));
  }
}

/** Wipes it, possibly in the middle of a frame. @param {any} cipher @param {Random} random */
function wiped(cipher, { below }) {
  const [aad, out] = [new Uint8Array(1), new Uint8Array(18)];
  const calls = [
    () => cipher.seal(0, aad, new Uint8Array(2), out, 0),
    () => cipher.open(0, aad, new Uint8Array(18), out, 0),
    () => cipher.sealFrames(0, aad, 2, new Uint8Array(1), new Uint8Array(1), out, 0),
    () => cipher.openFrames(0, aad, 2, new Uint8Array(17), new Uint8Array(1), out, 0),
    () => cipher.startOpen(0, aad),
    () => cipher.update(new Uint8Array(18), 0, 18, out, 0),
    () => cipher.openAcross(new Uint8Array(9), 1, out, 2, 0, aad, new Uint8Array(4)),
    () => cipher.startOpen(0, aad),
    () => cipher.update(new Uint8Array(18), 0, 18, out, 0),
    () => cipher.finishOpen(new Uint8Array(1), 0, 1, out, 2),
    () => cipher.startSeal(0, aad),
    () => cipher.update(new Uint8Array(2), 0, 2, out, 0),
    () => cipher.finishSeal(new Uint8Array(2), 0, 2, out, 0),
  ];
  for (const call of calls.slice(0, below(calls.length + 1))) call();
  cipher.wipe();
  cipher.wipe('again');
  for (const call of calls) refused(call);
}

/** @param {unknown[]} args @param {Random} random */
function spoilt(args, random) {
  const copy = [...args];
  const at = random.below(3);
  if (random.chance(0.2)) copy.length = at;
  else if (at === 0) copy[0] = random.pick(WRONG_SUITES);
  else
    copy[at] = random.chance(0.5)
      ? notMemory(32, random)
      : memory(random.pick([0, 1, 11, 13, 31, 33]), random);
  return copy;
}

/** The same bytes in a random kind of memory. @param {Uint8Array} bytes @param {Random} random */
function lent(bytes, random) {
  const view = memory(bytes.length, random);
  Uint8Array.prototype.set.call(view, bytes);
  return view;
}

/** @param {() => unknown} call */
function refused(call) {
  try {
    call();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return;
    throw error;
  }
  throw new Error(`not refused: ${call}`);
}
