import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { buildTree, needsCompiler } from './build-tree.js';

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

/** Builds the addon over that OpenSSL. @returns its path */
export async function addonThatFails(context: Parameters<typeof needsCompiler>[0]): Promise<string> {
  needsCompiler(context);
  const tree = await buildTree();
  writeFileSync(join(tree.sources, 'failures.c'), FAILURES);
  const defines = FAILING.map((name) => `-D${name}=fails_${name}`).join(' ');
  expect(await tree.build({ CC: `cc ${defines}` })).toMatchObject({ status: 0, stdout: '' });
  return tree.built;
}
