/*
 * Stands between the addon and OpenSSL in the build that the sanitizer watches (ld --wrap), since the OpenSSL inside
 * Node is not instrumented: all memory that the addon lends to OpenSSL must be readable or writable to its last
 * byte, and when the process ends, every context and every cipher must have been freed.
 */
#include <sanitizer/asan_interface.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_long live_contexts, live_ciphers;

static void lend(const void *memory, long size) {
  if (size > 0 && __asan_region_is_poisoned((void *)memory, (size_t)size) != NULL) {
    fprintf(stderr, "watch: OpenSSL was lent memory that is not there\n");
    __asan_describe_address((void *)memory);
    abort();
  }
}

extern void *__real_EVP_CIPHER_CTX_new(void);
void *__wrap_EVP_CIPHER_CTX_new(void) {
  live_contexts++;
  return __real_EVP_CIPHER_CTX_new();
}

extern void __real_EVP_CIPHER_CTX_free(void *);
void __wrap_EVP_CIPHER_CTX_free(void *context) {
  if (context != NULL) live_contexts--;
  __real_EVP_CIPHER_CTX_free(context);
}

extern int __real_EVP_CipherUpdate(void *, unsigned char *, int *, const unsigned char *, int);
int __wrap_EVP_CipherUpdate(void *context, unsigned char *out, int *written, const unsigned char *in, int size) {
  lend(in, size);
  if (out != NULL) lend(out, size);
  return __real_EVP_CipherUpdate(context, out, written, in, size);
}

extern int __real_EVP_CIPHER_CTX_ctrl(void *, int, int, void *);
int __wrap_EVP_CIPHER_CTX_ctrl(void *context, int type, int size, void *memory) {
  lend(memory, size);
  return __real_EVP_CIPHER_CTX_ctrl(context, type, size, memory);
}

extern void __real_OPENSSL_cleanse(void *, size_t);
void __wrap_OPENSSL_cleanse(void *memory, size_t size) {
  lend(memory, (long)size);
  __real_OPENSSL_cleanse(memory, size);
}

extern void *__real_calloc(size_t, size_t);
void *__wrap_calloc(size_t count, size_t size) {
  live_ciphers++;
  return __real_calloc(count, size);
}

extern void __real_free(void *);
void __wrap_free(void *memory) {
  if (memory != NULL) live_ciphers--;
  __real_free(memory);
}

__attribute__((destructor)) static void balance(void) {
  if (live_contexts == 0 && live_ciphers == 0) return;
  fprintf(stderr, "watch: %ld contexts and %ld ciphers were not freed\n", live_contexts, live_ciphers);
  _exit(9);
}
