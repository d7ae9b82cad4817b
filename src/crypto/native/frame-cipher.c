/*
 * Seals and opens frames over the OpenSSL that Node itself carries. No cryptography of its own: the functions below
 * are declared here and are symbols of the running binary. Linked with -z now, so that a Node without one of them
 * refuses to load this file, and the engine over node:crypto serves.
 *
 * Every length and every range is checked here: no argument from JavaScript makes this code read or write outside of
 * a buffer. No JavaScript runs between the moment a pointer is taken and its last use.
 */
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct evp_cipher_st EVP_CIPHER;
typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;
typedef struct engine_st ENGINE;

extern EVP_CIPHER_CTX *EVP_CIPHER_CTX_new(void);
extern void EVP_CIPHER_CTX_free(EVP_CIPHER_CTX *);
extern int EVP_CIPHER_CTX_ctrl(EVP_CIPHER_CTX *, int, int, void *);
extern int EVP_CipherInit_ex(EVP_CIPHER_CTX *, const EVP_CIPHER *, ENGINE *, const unsigned char *,
                             const unsigned char *, int);
extern int EVP_CipherUpdate(EVP_CIPHER_CTX *, unsigned char *, int *, const unsigned char *, int);
extern int EVP_CipherFinal_ex(EVP_CIPHER_CTX *, unsigned char *, int *);
extern const EVP_CIPHER *EVP_aes_256_gcm(void);
extern const EVP_CIPHER *EVP_aes_128_gcm(void);
/* Weak: some builds of Node do not export it. */
extern const EVP_CIPHER *EVP_chacha20_poly1305(void) __attribute__((weak));
extern void OPENSSL_cleanse(void *, size_t);

enum { CTRL_AEAD_GET_TAG = 0x10, CTRL_AEAD_SET_TAG = 0x11 };
enum { KEY_MAX = 32, NONCE_SIZE = 12, TAG_SIZE = 16 };
enum { OPENING = 0, SEALING = 1, UNDIRECTED = 2 };
/* Of one call's data: what an int of OpenSSL's holds, with room to spare. */
#define DATA_MAX ((size_t)1 << 30)

typedef struct {
  EVP_CIPHER_CTX *context;
  const EVP_CIPHER *cipher;
  int direction;
  uint32_t nonce_tail;
  unsigned char nonce[NONCE_SIZE];
  unsigned char key[KEY_MAX];
} frame_cipher;

typedef struct {
  unsigned char *data;
  size_t length;
} bytes;

static const napi_type_tag TYPE_TAG = {0x5e2a9c41d7b0463fULL, 0x8f1d6b7ce4a35902ULL};

static napi_value fail(napi_env env, const char *message) {
  napi_throw_range_error(env, "ERR_SEALPIPE_OPTIONS", message);
  return NULL;
}

/* Frees the context, which OpenSSL wipes, and wipes the key. Safe to call again. */
static void wipe(frame_cipher *self) {
  EVP_CIPHER_CTX_free(self->context);
  self->context = NULL;
  OPENSSL_cleanse(self->key, sizeof self->key);
  OPENSSL_cleanse(self->nonce, sizeof self->nonce);
  self->nonce_tail = 0;
}

static void finalize(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  wipe(data);
  free(data);
}

static bool get_bytes(napi_env env, napi_value value, bytes *out) {
  napi_typedarray_type type;
  bool is_typed_array;
  void *data;
  if (napi_is_typedarray(env, value, &is_typed_array) != napi_ok || !is_typed_array) return false;
  if (napi_get_typedarray_info(env, value, &type, &out->length, &data, NULL, NULL) != napi_ok) return false;
  if (type != napi_uint8_array || out->length > DATA_MAX) return false;
  if (data == NULL && out->length > 0) return false;
  out->data = data;
  return true;
}

static bool get_integer(napi_env env, napi_value value, double max, size_t *out) {
  double number;
  if (napi_get_value_double(env, value, &number) != napi_ok) return false;
  if (!(number >= 0 && number <= max) || number != (double)(size_t)number) return false;
  *out = (size_t)number;
  return true;
}

/* Whether `size` bytes at `offset` of `out` are there, and are `in` exactly or do not touch it. */
static bool fits(bytes out, size_t offset, size_t size, bytes in) {
  if (offset > out.length || size > out.length - offset) return false;
  uintptr_t begin = (uintptr_t)(out.data + offset), source = (uintptr_t)in.data;
  return begin == source || begin + size <= source || source + in.length <= begin;
}

static bool begin_frame(frame_cipher *self, int direction, uint32_t index) {
  if (self->direction != direction) {
    if (EVP_CipherInit_ex(self->context, self->cipher, NULL, self->key, NULL, direction) != 1) return false;
    self->direction = direction;
  }
  uint32_t tail = self->nonce_tail ^ index;
  for (int i = 0; i < 4; i++) self->nonce[NONCE_SIZE - 1 - i] = (unsigned char)(tail >> (8 * i));
  return EVP_CipherInit_ex(self->context, NULL, NULL, NULL, self->nonce, direction) == 1;
}

static bool seal_frame(frame_cipher *self, uint32_t index, bytes aad, const unsigned char *in, size_t size,
                       unsigned char *out) {
  int written = 0;
  unsigned char none[TAG_SIZE];
  if (!begin_frame(self, SEALING, index)) return false;
  if (aad.length > 0 && EVP_CipherUpdate(self->context, NULL, &written, aad.data, (int)aad.length) != 1)
    return false;
  if (size > 0) {
    if (EVP_CipherUpdate(self->context, out, &written, in, (int)size) != 1) return false;
    if ((size_t)written != size) return false;
  }
  if (EVP_CipherFinal_ex(self->context, none, &written) != 1 || written != 0) return false;
  return EVP_CIPHER_CTX_ctrl(self->context, CTRL_AEAD_GET_TAG, TAG_SIZE, out + size) == 1;
}

/* On failure nothing that was not verified stays in `out`. */
static bool open_frame(frame_cipher *self, uint32_t index, bytes aad, const unsigned char *in, size_t size,
                       unsigned char *out) {
  int written = 0;
  unsigned char tag[TAG_SIZE], none[TAG_SIZE];
  memcpy(tag, in + size, TAG_SIZE);
  if (begin_frame(self, OPENING, index) &&
      EVP_CIPHER_CTX_ctrl(self->context, CTRL_AEAD_SET_TAG, TAG_SIZE, tag) == 1 &&
      (aad.length == 0 || EVP_CipherUpdate(self->context, NULL, &written, aad.data, (int)aad.length) == 1) &&
      (size == 0 || (EVP_CipherUpdate(self->context, out, &written, in, (int)size) == 1 && (size_t)written == size)) &&
      EVP_CipherFinal_ex(self->context, none, &written) == 1)
    return true;
  if (size > 0) OPENSSL_cleanse(out, size);
  return false;
}

/* The arguments of a method, and the cipher that it was called on; NULL after an exception. */
static frame_cipher *receive(napi_env env, napi_callback_info info, size_t count, napi_value *arguments) {
  napi_value receiver;
  size_t given = count;
  bool ours = false;
  void *self;
  if (napi_get_cb_info(env, info, &given, arguments, &receiver, NULL) != napi_ok) return NULL;
  if (napi_check_object_type_tag(env, receiver, &TYPE_TAG, &ours) != napi_ok || !ours ||
      napi_unwrap(env, receiver, &self) != napi_ok) {
    fail(env, "not a FrameCipher");
    return NULL;
  }
  if (((frame_cipher *)self)->context == NULL) {
    fail(env, "the key was wiped");
    return NULL;
  }
  return self;
}

/* seal(index, aad, plaintext, out, offset) */
static napi_value seal(napi_env env, napi_callback_info info) {
  napi_value argv[5];
  size_t index, offset;
  bytes aad, in, out;
  frame_cipher *self = receive(env, info, 5, argv);
  if (self == NULL) return NULL;
  if (!get_integer(env, argv[0], UINT32_MAX, &index) || !get_bytes(env, argv[1], &aad) ||
      !get_bytes(env, argv[2], &in) || !get_bytes(env, argv[3], &out) ||
      !get_integer(env, argv[4], DATA_MAX, &offset))
    return fail(env, "seal(index, aad, plaintext, out, offset): a wrong argument");
  if (!fits(out, offset, in.length + TAG_SIZE, in)) return fail(env, "the sealed frame does not fit into out");
  if (!seal_frame(self, (uint32_t)index, aad, in.data, in.length, out.data + offset))
    return fail(env, "OpenSSL could not seal the frame");
  return NULL;
}

/* open(index, aad, sealed, out, offset): whether the tag verified */
static napi_value open(napi_env env, napi_callback_info info) {
  napi_value argv[5], verified;
  size_t index, offset;
  bytes aad, in, out;
  frame_cipher *self = receive(env, info, 5, argv);
  if (self == NULL) return NULL;
  if (!get_integer(env, argv[0], UINT32_MAX, &index) || !get_bytes(env, argv[1], &aad) ||
      !get_bytes(env, argv[2], &in) || !get_bytes(env, argv[3], &out) ||
      !get_integer(env, argv[4], DATA_MAX, &offset) || in.length < TAG_SIZE)
    return fail(env, "open(index, aad, sealed, out, offset): a wrong argument");
  size_t size = in.length - TAG_SIZE;
  if (!fits(out, offset, size, in)) return fail(env, "the plaintext does not fit into out");
  bool opened = open_frame(self, (uint32_t)index, aad, in.data, size, out.data + offset);
  return napi_get_boolean(env, opened, &verified) == napi_ok ? verified : NULL;
}

typedef struct {
  frame_cipher *self;
  size_t index, frame_size, count, offset;
  bytes aad, in, out;
} run;

/* The arguments of several frames in one call: (index, aad, frameSize, in, out, offset). */
static bool receive_run(napi_env env, napi_callback_info info, bool sealing, run *r) {
  napi_value argv[6];
  r->self = receive(env, info, 6, argv);
  if (r->self == NULL) return false;
  if (!get_integer(env, argv[0], UINT32_MAX, &r->index) || !get_bytes(env, argv[1], &r->aad) ||
      !get_integer(env, argv[2], DATA_MAX, &r->frame_size) || r->frame_size == 0 ||
      !get_bytes(env, argv[3], &r->in) || !get_bytes(env, argv[4], &r->out) ||
      !get_integer(env, argv[5], DATA_MAX, &r->offset)) {
    fail(env, "(index, aad, frameSize, in, out, offset): a wrong argument");
    return false;
  }
  size_t from = r->frame_size + (sealing ? 0 : TAG_SIZE), to = r->frame_size + (sealing ? TAG_SIZE : 0);
  r->count = r->in.length / from;
  if (r->count * from != r->in.length || r->index + r->count > (size_t)UINT32_MAX + 1) {
    fail(env, "not a whole number of frames, or too many");
    return false;
  }
  bool in_place = r->out.data != NULL && r->out.data + r->offset == r->in.data;
  if (!fits(r->out, r->offset, r->count * to, r->in) || (in_place && r->count > 1)) {
    fail(env, "the frames do not fit into out");
    return false;
  }
  return true;
}

/* sealFrames(index, aad, frameSize, plaintext, out, offset) */
static napi_value seal_frames(napi_env env, napi_callback_info info) {
  run r;
  if (!receive_run(env, info, true, &r)) return NULL;
  for (size_t i = 0; i < r.count; i++) {
    const unsigned char *in = r.in.data + i * r.frame_size;
    unsigned char *out = r.out.data + r.offset + i * (r.frame_size + TAG_SIZE);
    if (!seal_frame(r.self, (uint32_t)(r.index + i), r.aad, in, r.frame_size, out))
      return fail(env, "OpenSSL could not seal the frame");
  }
  return NULL;
}

/* openFrames(index, aad, frameSize, sealed, out, offset): how many frames verified before the first that did not */
static napi_value open_frames(napi_env env, napi_callback_info info) {
  run r;
  napi_value verified;
  size_t i = 0;
  if (!receive_run(env, info, false, &r)) return NULL;
  for (; i < r.count; i++) {
    const unsigned char *in = r.in.data + i * (r.frame_size + TAG_SIZE);
    unsigned char *out = r.out.data + r.offset + i * r.frame_size;
    if (!open_frame(r.self, (uint32_t)(r.index + i), r.aad, in, r.frame_size, out)) break;
  }
  return napi_create_uint32(env, (uint32_t)i, &verified) == napi_ok ? verified : NULL;
}

/* wipe() */
static napi_value wipe_method(napi_env env, napi_callback_info info) {
  napi_value receiver;
  bool ours = false;
  void *self;
  if (napi_get_cb_info(env, info, NULL, NULL, &receiver, NULL) == napi_ok &&
      napi_check_object_type_tag(env, receiver, &TYPE_TAG, &ours) == napi_ok && ours &&
      napi_unwrap(env, receiver, &self) == napi_ok)
    wipe(self);
  return NULL;
}

static const EVP_CIPHER *cipher_of(const char *name) {
  if (strcmp(name, "AES-256-GCM") == 0) return EVP_aes_256_gcm();
  if (strcmp(name, "AES-128-GCM") == 0) return EVP_aes_128_gcm();
  if (strcmp(name, "CHACHA20-POLY1305") == 0 && EVP_chacha20_poly1305 != NULL) return EVP_chacha20_poly1305();
  return NULL;
}

/* new FrameCipher(suite, key, baseNonce) */
static napi_value construct(napi_env env, napi_callback_info info) {
  napi_value argv[3], receiver, target;
  size_t given = 3, length;
  char name[32];
  bytes key, nonce;
  if (napi_get_new_target(env, info, &target) != napi_ok || target == NULL) return fail(env, "call it with new");
  if (napi_get_cb_info(env, info, &given, argv, &receiver, NULL) != napi_ok) return NULL;
  if (napi_get_value_string_utf8(env, argv[0], name, sizeof name, &length) != napi_ok ||
      !get_bytes(env, argv[1], &key) || !get_bytes(env, argv[2], &nonce))
    return fail(env, "new FrameCipher(suite, key, baseNonce): a wrong argument");
  const EVP_CIPHER *cipher = cipher_of(name);
  size_t key_size = strcmp(name, "AES-128-GCM") == 0 ? 16 : 32;
  if (cipher == NULL) return fail(env, "this OpenSSL does not have the suite");
  if (key.length != key_size || nonce.length != NONCE_SIZE) return fail(env, "a key or nonce of the wrong size");

  frame_cipher *self = calloc(1, sizeof *self);
  if (self == NULL) return fail(env, "out of memory");
  self->context = EVP_CIPHER_CTX_new();
  self->cipher = cipher;
  self->direction = UNDIRECTED;
  memcpy(self->key, key.data, key.length);
  memcpy(self->nonce, nonce.data, NONCE_SIZE);
  for (int i = NONCE_SIZE - 4; i < NONCE_SIZE; i++) self->nonce_tail = self->nonce_tail << 8 | nonce.data[i];
  if (self->context == NULL || napi_wrap(env, receiver, self, finalize, NULL, NULL) != napi_ok) {
    finalize(env, self, NULL);
    return fail(env, "out of memory");
  }
  if (napi_type_tag_object(env, receiver, &TYPE_TAG) != napi_ok) return fail(env, "FrameCipher is made once");
  return receiver;
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor methods[] = {
      {"seal", NULL, seal, NULL, NULL, NULL, napi_default_method, NULL},
      {"open", NULL, open, NULL, NULL, NULL, napi_default_method, NULL},
      {"sealFrames", NULL, seal_frames, NULL, NULL, NULL, napi_default_method, NULL},
      {"openFrames", NULL, open_frames, NULL, NULL, NULL, napi_default_method, NULL},
      {"wipe", NULL, wipe_method, NULL, NULL, NULL, napi_default_method, NULL},
  };
  napi_value class;
  if (napi_define_class(env, "FrameCipher", NAPI_AUTO_LENGTH, construct, NULL, sizeof methods / sizeof *methods,
                        methods, &class) != napi_ok ||
      napi_set_named_property(env, exports, "FrameCipher", class) != napi_ok)
    return NULL;
  return exports;
}
