import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NATIVE_SUITES } from './addon-here.js';
import { buildTree, needsCompiler } from './build-tree.js';
import { inChild } from './child-scripts.js';

const FAILING = [
  'EVP_CipherInit_ex',
  'EVP_CIPHER_CTX_ctrl',
  'EVP_CipherUpdate',
  'EVP_CipherFinal_ex',
  'EVP_CIPHER_CTX_new',
];

/** An OpenSSL of which one call, the FAIL_AT-th, fails after it has done all that it does: the worst that it can do. */
const FAILURES = `
  ${FAILING.map((name) => `#undef ${name}`).join('\n')}
  #include "openssl.h"
  #include <stdbool.h>
  #include <stdlib.h>
  static int calls;
  static bool fails(void) {
    const char *at = getenv("FAIL_AT");
    calls = at == NULL ? 0 : calls + 1;
    return at != NULL && calls == atoi(at);
  }
  int fails_EVP_CipherInit_ex(EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher, ENGINE *engine,
                              const unsigned char *key, const unsigned char *nonce, int direction) {
    int result = EVP_CipherInit_ex(context, cipher, engine, key, nonce, direction);
    return fails() ? 0 : result;
  }
  int fails_EVP_CIPHER_CTX_ctrl(EVP_CIPHER_CTX *context, int type, int size, void *memory) {
    int result = EVP_CIPHER_CTX_ctrl(context, type, size, memory);
    return fails() ? 0 : result;
  }
  int fails_EVP_CipherUpdate(EVP_CIPHER_CTX *context, unsigned char *out, int *written, const unsigned char *in, int size) {
    int result = EVP_CipherUpdate(context, out, written, in, size);
    return fails() ? 0 : result;
  }
  int fails_EVP_CipherFinal_ex(EVP_CIPHER_CTX *context, unsigned char *out, int *written) {
    int result = EVP_CipherFinal_ex(context, out, written);
    return fails() ? 0 : result;
  }
  EVP_CIPHER_CTX *fails_EVP_CIPHER_CTX_new(void) { return fails() ? NULL : EVP_CIPHER_CTX_new(); }
`;

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

/** Has every call of OpenSSL fail, in every method of a cipher that did something before. Tells how each ended. */
const EVERY_CALL = `
  const methods = {
    seal: (cipher, frames, out) => cipher.seal(0, aad, text.subarray(0, SIZE), out, 0),
    open: (cipher, frames, out) => cipher.open(0, aad, frames.subarray(0, UNIT), out, 0),
    sealFrames: (cipher, frames, out) => cipher.sealFrames(0, aad, SIZE, text.subarray(0, 30), text.subarray(30), out, 0),
    openFrames: (cipher, frames, out) => cipher.openFrames(0, aad, SIZE, frames.subarray(0, 30), frames.subarray(30), out, 0),
  };
  const all = { seal: undefined, open: true, sealFrames: undefined, openFrames: 3 };
  const before = {
    nothing: () => {},
    sealed: (cipher) => sealed(cipher),
    opened: (cipher, frames) => cipher.open(0, aad, frames.subarray(0, UNIT), Buffer.alloc(SIZE), 0),
    refused: (cipher, frames) => cipher.open(1, aad, frames.subarray(0, UNIT), Buffer.alloc(SIZE), 0),
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
        if ('error' in outcome) assert.match(outcome.error, /^OpenSSL could not (seal|open) the frame$/);
        else assert(method.startsWith('open'));
        if (method.startsWith('open')) leavesNoPlaintext(out, method === 'open' ? 0 : outcome.value ?? 2);
        isRight(cipher, frames);
        (endings[method + ' after ' + what] ??= []).push('error' in outcome ? 'threw' : outcome.value);
      }
    }
  }
  console.log(JSON.stringify(endings));
`;

const threw = (times: number): string[] => Array.from({ length: times }, () => 'threw');

async function addonThatFails(context: Parameters<typeof needsCompiler>[0]): Promise<string> {
  needsCompiler(context);
  const tree = await buildTree();
  writeFileSync(join(tree.sources, 'failures.c'), FAILURES);
  const defines = FAILING.map((name) => `-D${name}=fails_${name}`).join(' ');
  expect(await tree.build({ CC: `cc ${defines}` })).toMatchObject({ status: 0, stdout: '' });
  return tree.built;
}

describe('the addon, where a call of OpenSSL fails,', () => {
  it('throws, leaves no plaintext that was not verified, and then goes on right', async (context) => {
    const addon = await addonThatFails(context);
    for (const suite of NATIVE_SUITES) {
      const script = `${PRELUDE} const suite = '${suite}'; ${EVERY_CALL}`;
      const endings = JSON.parse(await inChild(script, addon));
      // Key, nonce, tag, associated data, text. One that fails at the end of a frame is as one that is not authentic.
      expect(endings).toMatchObject({
        'seal after nothing': threw(6),
        'seal after sealed': threw(5),
        'open after sealed': [...threw(5), false],
        'open after opened': [...threw(4), false],
        'open after refused': [...threw(5), false],
        'sealFrames after opened': threw(17),
        'openFrames after opened': [...threw(5), 0, ...threw(4), 1, ...threw(4), 2],
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
