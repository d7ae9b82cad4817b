/*
 * The class FrameCipher for Node. Linked with -z now, so that a Node without one of the symbols refuses to load this
 * file, and the engine over node:crypto serves.
 *
 * Every type, length and range is checked here: no argument from JavaScript makes this code read or write outside of
 * a buffer. No JavaScript runs between the moment a pointer is taken and its last use, and nothing is converted.
 */
#define NAPI_VERSION 8
#include "frame-cipher.h"
#include <node_api.h>
#include <string.h>

/* Of one call's data: what an int of OpenSSL's holds, with room to spare. */
#define DATA_MAX ((size_t)1 << 30)
#define FRAMES_MAX ((uint64_t)1 << 32)

static const napi_type_tag TYPE_TAG = {0x5e2a9c41d7b0463fULL, 0x8f1d6b7ce4a35902ULL};

static napi_value fail(napi_env env, const char *message) {
  napi_throw_range_error(env, "ERR_SEALPIPE_OPTIONS", message);
  return NULL;
}

static void finalize(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  frame_cipher_free(data);
}

/* A detached array, and one whose buffer shrank below it, is empty. */
static bool get_bytes(napi_env env, napi_value value, bytes *out) {
  napi_typedarray_type type = napi_int8_array; /* stays so for a type that this Node-API does not know */
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

static bool apart(bytes a, bytes b) {
  uintptr_t begin = (uintptr_t)a.data, other = (uintptr_t)b.data;
  return a.length == 0 || b.length == 0 || begin + a.length <= other || other + b.length <= begin;
}

/* Whether `size` bytes at `offset` of `out` are there. Nothing is added to NULL, which an empty array may be. */
static bool take(bytes out, size_t offset, size_t size, bytes *target) {
  if (offset > out.length || size > out.length - offset) return false;
  *target = (bytes){offset > 0 ? out.data + offset : out.data, size};
  return true;
}

/* Whether what is written is `in` exactly or does not touch it, and does not touch `aad`. */
static bool fits(bytes target, bytes in, bytes aad) {
  return (target.data == in.data || apart(target, in)) && apart(target, aad);
}

/* The arguments of a method, and the cipher that it was called on; NULL after an exception. */
static frame_cipher *receive(napi_env env, napi_callback_info info, size_t count, napi_value *arguments) {
  napi_value receiver;
  bool ours = false;
  void *self;
  if (napi_get_cb_info(env, info, &count, arguments, &receiver, NULL) != napi_ok) return NULL;
  if (napi_check_object_type_tag(env, receiver, &TYPE_TAG, &ours) != napi_ok || !ours ||
      napi_unwrap(env, receiver, &self) != napi_ok) {
    fail(env, "not a FrameCipher");
    return NULL;
  }
  if (frame_cipher_is_wiped(self)) {
    fail(env, "the key was wiped");
    return NULL;
  }
  return self;
}

/* seal(index, aad, plaintext, out, offset) */
static napi_value seal(napi_env env, napi_callback_info info) {
  napi_value argv[5];
  size_t index, offset;
  bytes aad, in, out, target;
  frame_cipher *self = receive(env, info, 5, argv);
  if (self == NULL) return NULL;
  if (!get_integer(env, argv[0], UINT32_MAX, &index) || !get_bytes(env, argv[1], &aad) ||
      !get_bytes(env, argv[2], &in) || !get_bytes(env, argv[3], &out) ||
      !get_integer(env, argv[4], DATA_MAX, &offset))
    return fail(env, "seal(index, aad, plaintext, out, offset): a wrong argument");
  if (!take(out, offset, in.length + TAG_SIZE, &target) || !fits(target, in, aad))
    return fail(env, "the sealed frame does not fit into out");
  joined plaintext = {{NULL, 0}, in};
  if (!seal_frame(self, (uint32_t)index, aad, plaintext, target.data))
    return fail(env, "OpenSSL could not seal the frame");
  return NULL;
}

/* open(index, aad, sealed, out, offset): whether the tag verified */
static napi_value open(napi_env env, napi_callback_info info) {
  napi_value argv[5], verified;
  size_t index, offset;
  bytes aad, in, out, target;
  frame_cipher *self = receive(env, info, 5, argv);
  if (self == NULL) return NULL;
  if (!get_integer(env, argv[0], UINT32_MAX, &index) || !get_bytes(env, argv[1], &aad) ||
      !get_bytes(env, argv[2], &in) || !get_bytes(env, argv[3], &out) ||
      !get_integer(env, argv[4], DATA_MAX, &offset) || in.length < TAG_SIZE)
    return fail(env, "open(index, aad, sealed, out, offset): a wrong argument");
  if (!take(out, offset, in.length - TAG_SIZE, &target) || !fits(target, in, aad))
    return fail(env, "the plaintext does not fit into out");
  joined sealed = {{NULL, 0}, in};
  verdict opened = open_frame(self, (uint32_t)index, aad, sealed, target.data);
  if (opened == BROKEN) return fail(env, "OpenSSL could not open the frame");
  return napi_get_boolean(env, opened == OPENED, &verified) == napi_ok ? verified : NULL;
}

typedef struct {
  frame_cipher *self;
  size_t index, frame_size, count;
  bytes aad, head, rest, target;
} run;

/* The arguments of several frames in one call: (index, aad, frameSize, head, rest, out, offset). */
static bool receive_run(napi_env env, napi_callback_info info, size_t tag_in, size_t tag_out, run *r) {
  napi_value argv[7];
  size_t offset;
  bytes out;
  r->self = receive(env, info, 7, argv);
  if (r->self == NULL) return false;
  if (!get_integer(env, argv[0], UINT32_MAX, &r->index) || !get_bytes(env, argv[1], &r->aad) ||
      !get_integer(env, argv[2], DATA_MAX, &r->frame_size) || r->frame_size == 0 ||
      !get_bytes(env, argv[3], &r->head) || !get_bytes(env, argv[4], &r->rest) ||
      !get_bytes(env, argv[5], &out) || !get_integer(env, argv[6], DATA_MAX, &offset)) {
    fail(env, "(index, aad, frameSize, head, rest, out, offset): a wrong argument");
    return false;
  }
  size_t from = r->frame_size + tag_in, to = r->frame_size + tag_out, length = r->head.length + r->rest.length;
  r->count = length / from;
  if (r->count * from != length || r->head.length >= from || (uint64_t)r->index + r->count > FRAMES_MAX) {
    fail(env, "not a whole number of frames of which the first alone begins in head, or too many");
    return false;
  }
  /* Divided, since the product may be too large where a size_t has 32 bits. */
  if (r->count > DATA_MAX / to || !take(out, offset, r->count * to, &r->target)) {
    fail(env, "the frames do not fit into out");
    return false;
  }
  if (!apart(r->target, r->head) || !apart(r->target, r->rest) || !apart(r->target, r->aad)) {
    fail(env, "out touches what is read");
    return false;
  }
  return true;
}

/* Frame `i` of a run, each of `size` bytes: only the first may begin in the head. */
static joined frame_of(const run *r, size_t i, size_t size) {
  if (i == 0) return (joined){r->head, {r->rest.data, size - r->head.length}};
  return (joined){{NULL, 0}, {r->rest.data + i * size - r->head.length, size}};
}

/* sealFrames(index, aad, frameSize, head, rest, out, offset) */
static napi_value seal_frames(napi_env env, napi_callback_info info) {
  run r;
  if (!receive_run(env, info, 0, TAG_SIZE, &r)) return NULL;
  for (size_t i = 0; i < r.count; i++) {
    unsigned char *out = r.target.data + i * (r.frame_size + TAG_SIZE);
    if (!seal_frame(r.self, (uint32_t)(r.index + i), r.aad, frame_of(&r, i, r.frame_size), out))
      return fail(env, "OpenSSL could not seal the frame");
  }
  return NULL;
}

/* openFrames(index, aad, frameSize, head, rest, out, offset): how many verified before the first that did not */
static napi_value open_frames(napi_env env, napi_callback_info info) {
  run r;
  napi_value verified;
  size_t i = 0;
  if (!receive_run(env, info, TAG_SIZE, 0, &r)) return NULL;
  for (; i < r.count; i++) {
    joined sealed = frame_of(&r, i, r.frame_size + TAG_SIZE);
    unsigned char *out = r.target.data + i * r.frame_size;
    verdict opened = open_frame(r.self, (uint32_t)(r.index + i), r.aad, sealed, out);
    if (opened == BROKEN) return fail(env, "OpenSSL could not open the frame");
    if (opened == REFUSED) break;
  }
  return napi_create_uint32(env, (uint32_t)i, &verified) == napi_ok ? verified : NULL;
}

/* wipe() */
static napi_value wipe(napi_env env, napi_callback_info info) {
  napi_value receiver;
  bool ours = false;
  void *self;
  if (napi_get_cb_info(env, info, NULL, NULL, &receiver, NULL) == napi_ok &&
      napi_check_object_type_tag(env, receiver, &TYPE_TAG, &ours) == napi_ok && ours &&
      napi_unwrap(env, receiver, &self) == napi_ok)
    frame_cipher_wipe(self);
  return NULL;
}

/* new FrameCipher(suite, key, baseNonce) */
static napi_value construct(napi_env env, napi_callback_info info) {
  napi_value argv[3], receiver, target;
  size_t given = 3, length;
  char suite[32];
  bytes key, nonce;
  if (napi_get_new_target(env, info, &target) != napi_ok || target == NULL) return fail(env, "call it with new");
  if (napi_get_cb_info(env, info, &given, argv, &receiver, NULL) != napi_ok) return NULL;
  if (napi_get_value_string_utf8(env, argv[0], suite, sizeof suite, &length) != napi_ok ||
      !get_bytes(env, argv[1], &key) || !get_bytes(env, argv[2], &nonce))
    return fail(env, "new FrameCipher(suite, key, baseNonce): a wrong argument");
  size_t key_size = strlen(suite) == length ? key_size_of(suite) : 0;
  if (key_size == 0) return fail(env, "this OpenSSL does not have the suite");
  if (key.length != key_size || nonce.length != NONCE_SIZE) return fail(env, "a key or nonce of the wrong size");

  frame_cipher *self = frame_cipher_new(suite, key.data, nonce.data);
  if (self == NULL) return fail(env, "out of memory");
  if (napi_wrap(env, receiver, self, finalize, NULL, NULL) != napi_ok) {
    frame_cipher_free(self);
    return fail(env, "out of memory");
  }
  if (napi_type_tag_object(env, receiver, &TYPE_TAG) != napi_ok) {
    frame_cipher_wipe(self); /* its finalizer frees it */
    return fail(env, "FrameCipher is made once");
  }
  return receiver;
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor methods[] = {
      {"seal", NULL, seal, NULL, NULL, NULL, napi_default_method, NULL},
      {"open", NULL, open, NULL, NULL, NULL, napi_default_method, NULL},
      {"sealFrames", NULL, seal_frames, NULL, NULL, NULL, napi_default_method, NULL},
      {"openFrames", NULL, open_frames, NULL, NULL, NULL, napi_default_method, NULL},
      {"wipe", NULL, wipe, NULL, NULL, NULL, napi_default_method, NULL},
  };
  napi_value class;
  if (napi_define_class(env, "FrameCipher", NAPI_AUTO_LENGTH, construct, NULL, sizeof methods / sizeof *methods,
                        methods, &class) != napi_ok ||
      napi_set_named_property(env, exports, "FrameCipher", class) != napi_ok)
    return NULL;
  return exports;
}
