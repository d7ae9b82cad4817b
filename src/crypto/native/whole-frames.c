/* Complete frames: one, or several in a row. */
#include "methods.h"

#define FRAMES_MAX ((uint64_t)1 << 32)

/* Whether the output is exactly `in` or does not overlap it, and does not overlap `aad`. */
static bool fits(bytes target, bytes in, bytes aad) {
  return (target.data == in.data || apart(target, in)) && apart(target, aad);
}

/* seal(index, aad, plaintext, out, offset) */
napi_value seal_one(napi_env env, napi_callback_info info) {
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
napi_value open_one(napi_env env, napi_callback_info info) {
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
  /* A division, since the product may overflow a size_t of 32 bits. */
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

/* Frame `i` of a run of frames of `size` bytes: only the first may begin in the head. */
static joined frame_of(const run *r, size_t i, size_t size) {
  if (i == 0) return (joined){r->head, {r->rest.data, size - r->head.length}};
  return (joined){{NULL, 0}, {r->rest.data + i * size - r->head.length, size}};
}

/* sealFrames(index, aad, frameSize, head, rest, out, offset) */
napi_value seal_frames(napi_env env, napi_callback_info info) {
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
napi_value open_frames(napi_env env, napi_callback_info info) {
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
