/*
 * Frames sealed by OpenSSL in a loop of C, timed in C: what is left when no JavaScript and no binding is in the way.
 * Only for the bench, which passes buffers that fit. The symbols are those of the running Node.
 */
#define NAPI_VERSION 8
#define _POSIX_C_SOURCE 200809L
#include <node_api.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

typedef struct evp_cipher_st EVP_CIPHER;
typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;
typedef struct engine_st ENGINE;
extern EVP_CIPHER_CTX *EVP_CIPHER_CTX_new(void);
extern void EVP_CIPHER_CTX_free(EVP_CIPHER_CTX *);
extern int EVP_CIPHER_CTX_ctrl(EVP_CIPHER_CTX *, int, int, void *);
extern int EVP_EncryptInit_ex(EVP_CIPHER_CTX *, const EVP_CIPHER *, ENGINE *, const unsigned char *,
                              const unsigned char *);
extern int EVP_EncryptUpdate(EVP_CIPHER_CTX *, unsigned char *, int *, const unsigned char *, int);
extern int EVP_EncryptFinal_ex(EVP_CIPHER_CTX *, unsigned char *, int *);
extern const EVP_CIPHER *EVP_aes_256_gcm(void);

enum { GET_TAG = 0x10, TAG_SIZE = 16, NONCE_SIZE = 12 };

typedef struct {
  unsigned char *data;
  size_t length;
} bytes;

static bytes get_bytes(napi_env env, napi_value value) {
  bytes out = {NULL, 0};
  void *data;
  if (napi_get_typedarray_info(env, value, NULL, &out.length, &data, NULL, NULL) == napi_ok) out.data = data;
  return out;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Frame i has the nonce whose last four bytes are xored with i, as in the format. */
static int seal(EVP_CIPHER_CTX *context, bytes nonce, uint32_t index, bytes aad, bytes in, unsigned char *out) {
  unsigned char own[NONCE_SIZE], none[TAG_SIZE];
  int n = 0;
  memcpy(own, nonce.data, NONCE_SIZE);
  for (int i = 0; i < 4; i++) own[NONCE_SIZE - 1 - i] ^= (unsigned char)(index >> (8 * i));
  return EVP_EncryptInit_ex(context, NULL, NULL, NULL, own) == 1 &&
         EVP_EncryptUpdate(context, NULL, &n, aad.data, (int)aad.length) == 1 &&
         EVP_EncryptUpdate(context, out, &n, in.data, (int)in.length) == 1 &&
         EVP_EncryptFinal_ex(context, none, &n) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, GET_TAG, TAG_SIZE, out + in.length) == 1;
}

/* sealLoop(key, nonce, aad, frameSize, plaintext, out): seconds; NaN if OpenSSL failed. */
static napi_value seal_loop(napi_env env, napi_callback_info info) {
  size_t count = 6;
  napi_value argv[6], result;
  uint32_t frame_size = 1, index = 0;
  if (napi_get_cb_info(env, info, &count, argv, NULL, NULL) != napi_ok) return NULL;
  bytes key = get_bytes(env, argv[0]), nonce = get_bytes(env, argv[1]), aad = get_bytes(env, argv[2]);
  bytes in = get_bytes(env, argv[4]), out = get_bytes(env, argv[5]);
  if (napi_get_value_uint32(env, argv[3], &frame_size) != napi_ok || frame_size == 0) return NULL;

  double start = now();
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  int ok = EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, key.data, NULL) == 1;
  for (size_t at = 0; ok && at + frame_size <= in.length; at += frame_size, index++) {
    bytes frame = {in.data + at, frame_size};
    unsigned char *target = out.data + (size_t)index * (frame_size + TAG_SIZE);
    if ((size_t)(target - out.data) + frame_size + TAG_SIZE > out.length) ok = 0;
    else ok = seal(context, nonce, index, aad, frame, target);
  }
  EVP_CIPHER_CTX_free(context);
  double seconds = now() - start;
  if (napi_create_double(env, ok ? seconds : (double)(0.0 / 0.0), &result) != napi_ok) return NULL;
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  if (napi_create_function(env, "sealLoop", NAPI_AUTO_LENGTH, seal_loop, NULL, &function) != napi_ok ||
      napi_set_named_property(env, exports, "sealLoop", function) != napi_ok)
    return NULL;
  return exports;
}
