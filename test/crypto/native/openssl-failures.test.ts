import { describe, expect, it } from 'vitest';
import { NATIVE_SUITES } from './addon-here.js';
import { inChild } from './child-scripts.js';
import { addonThatFails } from './openssl-that-fails.js';

/** What a script sees: `failing` has one call of OpenSSL fail, `isRight` asserts that a cipher seals and opens. */
const PRELUDE = `
  const assert = require('node:assert');
  const failing = (at, call) => {
    process.env.FAIL_AT = at;
    try {
      return { value: call() };
    } catch (error) {
      assert.equal(error.code, 'ERR_SEALPIPE_OPTIONS');
      return { error: error.message };
    } finally {
      delete process.env.FAIL_AT;
    }
  };
  const SIZE = 100;
  const UNIT = SIZE + 16;
  const text = Buffer.from(Array.from({ length: 3 * SIZE }, (_, i) => (i % 150) + 1));
  const cipherOf = (suite) => new FrameCipher(suite, Buffer.alloc(suite === 'AES-128-GCM' ? 16 : 32, 1), Buffer.alloc(12, 2));
  const sealed = (cipher) => {
    const out = Buffer.alloc(3 * UNIT);
    cipher.sealFrames(0, aad, SIZE, text.subarray(0, 30), text.subarray(30), out, 0);
    return out;
  };
  const isRight = (cipher, frames) => {
    const out = Buffer.alloc(3 * SIZE);
    assert.equal(cipher.openFrames(0, aad, SIZE, frames.subarray(0, 110), frames.subarray(110), out, 0), 3);
    assert(out.equals(text));
    assert.equal(cipher.open(1, aad, frames.subarray(0, UNIT), out, 0), false);
    assert(sealed(cipher).equals(frames));
  };
`;

/** What one frame in pieces does; whatever ends it, nothing goes on with it. */
const IN_PIECES = `
  const thenEnded = (cipher, act) => {
    const refusesAll = () => {
      const out = Buffer.alloc(UNIT, 0xa5);
      for (const method of ['update', 'finishSeal', 'finishOpen']) {
        const call = () => cipher[method](text, 0, 50, out, 0);
        assert.throws(call, { code: 'ERR_SEALPIPE_OPTIONS', message: 'no frame was begun' });
      }
      assert(out.equals(Buffer.alloc(UNIT, 0xa5)));
    };
    try {
      return act();
    } finally {
      refusesAll();
    }
  };
  const sealPieces = (cipher, frames, out) => thenEnded(cipher, () => {
    cipher.startSeal(0, aad);
    cipher.update(text, 0, 30, out, 0);
    cipher.update(text, 30, 60, out, 30);
    return cipher.finishSeal(text, 60, SIZE, out, 60);
  });
  const openPieces = (cipher, frames, out) => thenEnded(cipher, () => {
    cipher.startOpen(0, aad);
    cipher.update(frames, 0, 30, out, 0);
    cipher.update(frames, 30, 60, out, 14);
    return cipher.finishOpen(frames, 60, UNIT, out, 44);
  });
  const openAcross = (cipher, frames, out) => thenEnded(cipher, () => {
    const [first, second] = [frames.subarray(0, 50), frames.subarray(50, UNIT + 40)];
    const next = Buffer.alloc(SIZE);
    cipher.startOpen(0, aad);
    cipher.update(first, 0, 50, out, 0);
    if (!cipher.openAcross(second, UNIT - 50, out, 34, 1, aad, next)) return false;
    const verified = cipher.finishOpen(frames, UNIT + 40, 2 * UNIT, next, 24);
    assert(!verified || next.equals(text.subarray(SIZE, 2 * SIZE)));
    return verified;
  });
`;

/** Has every call of OpenSSL fail, in every method of a cipher that did something before. Tells how each ended. */
const EVERY_CALL = `
  const methods = {
    seal: (cipher, frames, out) => cipher.seal(0, aad, text.subarray(0, SIZE), out, 0),
    open: (cipher, frames, out) => cipher.open(0, aad, frames.subarray(0, UNIT), out, 0),
    sealFrames: (cipher, frames, out) => cipher.sealFrames(0, aad, SIZE, text.subarray(0, 30), text.subarray(30), out, 0),
    openFrames: (cipher, frames, out) => cipher.openFrames(0, aad, SIZE, frames.subarray(0, 30), frames.subarray(30), out, 0),
    sealPieces,
    openPieces,
    openAcross,
  };
  const all = {
    seal: undefined, open: true, sealFrames: undefined, openFrames: 3, sealPieces: undefined, openPieces: true, openAcross: true,
  };
  const before = {
    nothing: () => {},
    sealed: (cipher) => sealed(cipher),
    opened: (cipher, frames) => cipher.open(0, aad, frames.subarray(0, UNIT), Buffer.alloc(SIZE), 0),
    refused: (cipher, frames) => cipher.open(1, aad, frames.subarray(0, UNIT), Buffer.alloc(SIZE), 0),
    sealing: (cipher) => {
      cipher.startSeal(1, aad);
      cipher.update(text, 0, 50, Buffer.alloc(50), 0);
    },
    opening: (cipher, frames) => {
      cipher.startOpen(1, aad);
      cipher.update(frames, 0, 50, Buffer.alloc(50), 0);
    },
  };
  /** A frame in the same direction takes one call of OpenSSL more than it would in the context as it was. */
  const isSetUpAnew = (cipher, frames, opening) => {
    const method = opening ? 'open' : 'seal';
    cipherOf(suite); // a call that need not fail begins the count anew
    const outcome = failing(6, () => methods[method](cipher, frames, Buffer.alloc(UNIT)));
    assert(opening ? outcome.value === false : 'error' in outcome, 'a context that failed was used again');
  };
  const leavesNoPlaintext = (out, opened) => {
    for (let i = 0; i < 3; i++) {
      const frame = out.subarray(i * SIZE, (i + 1) * SIZE);
      const untouched = frame.equals(Buffer.alloc(SIZE, 0xa5));
      const verified = i < opened && frame.equals(text.subarray(i * SIZE, (i + 1) * SIZE));
      assert(verified || untouched || frame.equals(Buffer.alloc(SIZE)), \`frame \${i}\`);
    }
  };
  const endings = {};
  for (const method of Object.keys(methods)) {
    for (const [what, prepare] of Object.entries(before)) {
      const frames = sealed(cipherOf(suite));
      for (let at = 1; ; at++) {
        const cipher = cipherOf(suite);
        prepare(cipher, frames);
        const out = Buffer.alloc(3 * UNIT, 0xa5);
        const outcome = failing(at, () => methods[method](cipher, frames, out));
        if (!('error' in outcome) && outcome.value === all[method]) break;
        if ('error' in outcome) assert.match(outcome.error, /^OpenSSL could not (begin|go on with|seal|open) the (next )?frame$/);
        else assert(method.startsWith('open'));
        if (method === 'open' || method === 'openFrames') leavesNoPlaintext(out, method === 'open' ? 0 : outcome.value ?? 2);
        isSetUpAnew(cipher, frames, method.startsWith('open'));
        isRight(cipher, frames);
        (endings[method + ' after ' + what] ??= []).push('error' in outcome ? 'threw' : outcome.value);
      }
    }
  }
  console.log(JSON.stringify(endings));
`;

const threw = (times: number): string[] => Array.from({ length: times }, () => 'threw');

describe('the addon, where a call of OpenSSL fails,', () => {
  it('throws, leaves no plaintext that was not verified, and then goes on right', async (context) => {
    const addon = await addonThatFails(context);
    for (const suite of NATIVE_SUITES) {
      const script = `${PRELUDE} const suite = '${suite}'; ${IN_PIECES} ${EVERY_CALL}`;
      const endings = JSON.parse(await inChild(script, addon));
      // Key, nonce, associated data, text; then end and tag, or tag and end. What was held back of a frame that is
      // opened in parts is a call of its own. One that fails at its end is as one that is not authentic.
      expect(endings).toMatchObject({
        'seal after nothing': threw(6),
        'seal after sealed': threw(5),
        'open after sealed': [...threw(5), false],
        'open after opened': [...threw(4), false],
        'open after refused': [...threw(5), false],
        'sealFrames after opened': threw(17),
        'openFrames after opened': [...threw(6), 0, ...threw(4), 1, ...threw(4), 2],
        'seal after sealing': threw(5),
        'open after opening': [...threw(4), false],
        'sealPieces after nothing': threw(8),
        'sealPieces after sealed': threw(7),
        'sealPieces after sealing': threw(7),
        'sealPieces after opening': threw(8),
        'openPieces after sealed': [...threw(9), false],
        'openPieces after opened': [...threw(8), false],
        'openPieces after refused': [...threw(9), false],
        'openPieces after opening': [...threw(8), false],
        'openAcross after sealed': [...threw(7), false, ...threw(6), false],
        'openAcross after opened': [...threw(6), false, ...threw(6), false],
      });
    }
  });

  it('makes no cipher without a context, and the next one with', async (context) => {
    const script = `${PRELUDE}
      console.log(failing(1, () => cipherOf('AES-256-GCM')).error);
      isRight(cipherOf('AES-256-GCM'), sealed(cipherOf('AES-256-GCM')));
    `;
    expect(await inChild(script, await addonThatFails(context))).toBe('out of memory');
  });
});
