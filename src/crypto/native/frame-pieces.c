/* A frame piece by piece, as it arrives. */
#include "methods.h"

/* (index, aad) */
static napi_value start(napi_env env, napi_callback_info info, direction direction) {
  napi_value argv[2];
  size_t index;
  bytes aad;
  frame_cipher *self = receive(env, info, 2, argv);
  if (self == NULL) return NULL;
  if (!get_integer(env, argv[0], UINT32_MAX, &index) || !get_bytes(env, argv[1], &aad))
    return fail(env, "(index, aad): a wrong argument");
  if (!begin_frame(self, direction, (uint32_t)index, aad)) return fail(env, "OpenSSL could not begin the frame");
  return NULL;
}

/* startSeal(index, aad) */
napi_value start_seal(napi_env env, napi_callback_info info) { return start(env, info, SEALING); }

/* startOpen(index, aad) */
napi_value start_open(napi_env env, napi_callback_info info) { return start(env, info, OPENING); }

typedef struct {
  frame_cipher *self;
  bytes in, out;
  size_t offset;
} piece;

/* The arguments of one piece: (chunk, from, to, out, offset). The chunk may have any size. */
static bool receive_piece(napi_env env, napi_callback_info info, piece *p) {
  napi_value argv[5];
  size_t from, to;
  bytes chunk;
  p->self = receive(env, info, 5, argv);
  if (p->self == NULL) return false;
  if (!get_memory(env, argv[0], &chunk) || !get_integer(env, argv[1], (double)chunk.length, &from) ||
      !get_integer(env, argv[2], (double)chunk.length, &to) || from > to ||
      !take(chunk, from, to - from, &p->in) || !get_bytes(env, argv[3], &p->out) ||
      !get_integer(env, argv[4], DATA_MAX, &p->offset)) {
    fail(env, "(chunk, from, to, out, offset): a wrong argument");
    return false;
  }
  return true;
}

/* Where to write `size` bytes: NULL if nothing is written to an empty array. False after an exception. */
static bool target_of(napi_env env, const piece *p, size_t size, unsigned char **target) {
  bytes written;
  if (p->in.length > DATA_MAX - taken_by(p->self)) {
    fail(env, "the frame is too large");
    return false;
  }
  if (!take(p->out, p->offset, size, &written)) {
    fail(env, "the piece of the frame does not fit into out");
    return false;
  }
  if (!apart(written, p->in)) {
    fail(env, "out touches what is read");
    return false;
  }
  *target = written.data;
  return true;
}

/* The memory that opening the piece writes to. */
static size_t opened_size(const piece *p) {
  return opened_of(taken_by(p->self) + p->in.length) - opened_of(taken_by(p->self));
}

/* update(chunk, from, to, out, offset) */
napi_value update_frame(napi_env env, napi_callback_info info) {
  piece p;
  unsigned char *out;
  if (!receive_piece(env, info, &p)) return NULL;
  bool sealing = has_begun(p.self, SEALING);
  if (!sealing && !has_begun(p.self, OPENING)) return fail(env, "no frame was begun");
  if (!target_of(env, &p, sealing ? p.in.length : opened_size(&p), &out)) return NULL;
  if (!add_to_frame(p.self, p.in, out)) return fail(env, "OpenSSL could not go on with the frame");
  return NULL;
}

/* finishSeal(chunk, from, to, out, offset) */
napi_value finish_seal(napi_env env, napi_callback_info info) {
  piece p;
  unsigned char *out;
  if (!receive_piece(env, info, &p)) return NULL;
  if (!has_begun(p.self, SEALING)) return fail(env, "no frame was begun");
  if (!target_of(env, &p, p.in.length + TAG_SIZE, &out)) return NULL;
  if (!end_sealing(p.self, p.in, out)) return fail(env, "OpenSSL could not seal the frame");
  return NULL;
}

/* finishOpen(chunk, from, to, out, offset): whether the tag, at its end, verified */
napi_value finish_open(napi_env env, napi_callback_info info) {
  piece p;
  unsigned char *out;
  napi_value verified;
  if (!receive_piece(env, info, &p)) return NULL;
  if (!has_begun(p.self, OPENING)) return fail(env, "no frame was begun");
  if (taken_by(p.self) + p.in.length < TAG_SIZE) return fail(env, "a frame without a tag");
  if (!target_of(env, &p, opened_size(&p), &out)) return NULL;
  verdict opened = end_opening(p.self, p.in, out);
  if (opened == BROKEN) return fail(env, "OpenSSL could not open the frame");
  return napi_get_boolean(env, opened == OPENED, &verified) == napi_ok ? verified : NULL;
}

/* Whether the two outputs of openAcross overlap neither its inputs nor each other. */
static bool all_apart(bytes out, bytes next, bytes chunk, bytes aad) {
  return apart(out, next) && apart(out, chunk) && apart(next, chunk) && apart(out, aad) && apart(next, aad);
}

/*
 * openAcross(chunk, cut, out, offset, index, aad, next): finishOpen(chunk, 0, cut, out, offset) and, if that
 * verified, startOpen(index, aad) and update(chunk, cut, chunk.length, next, 0). Returns whether it verified.
 */
napi_value open_across(napi_env env, napi_callback_info info) {
  napi_value argv[7], verified;
  size_t cut, index;
  bytes chunk, aad, next, rest, written;
  piece p;
  unsigned char *out;
  p.self = receive(env, info, 7, argv);
  if (p.self == NULL) return NULL;
  if (!get_memory(env, argv[0], &chunk) || !get_integer(env, argv[1], (double)chunk.length, &cut) ||
      !get_bytes(env, argv[2], &p.out) || !get_integer(env, argv[3], DATA_MAX, &p.offset) ||
      !get_integer(env, argv[4], UINT32_MAX, &index) || !get_bytes(env, argv[5], &aad) ||
      !get_bytes(env, argv[6], &next) || !take(chunk, 0, cut, &p.in) || !take(chunk, cut, chunk.length - cut, &rest) ||
      rest.length > DATA_MAX)
    return fail(env, "(chunk, cut, out, offset, index, aad, next): a wrong argument");
  if (!has_begun(p.self, OPENING)) return fail(env, "no frame was begun");
  if (taken_by(p.self) + p.in.length < TAG_SIZE) return fail(env, "a frame without a tag");
  size_t size = opened_size(&p);
  if (!target_of(env, &p, size, &out)) return NULL;
  if (!take(next, 0, opened_of(rest.length), &written)) return fail(env, "the piece does not fit into next");
  if (!all_apart((bytes){out, size}, written, chunk, aad)) return fail(env, "what is written touches other memory");
  verdict opened = end_opening(p.self, p.in, out);
  if (opened == BROKEN) return fail(env, "OpenSSL could not open the frame");
  if (opened == OPENED && (!begin_frame(p.self, OPENING, (uint32_t)index, aad) ||
                           !add_to_frame(p.self, rest, written.data)))
    return fail(env, "OpenSSL could not go on with the next frame");
  return napi_get_boolean(env, opened == OPENED, &verified) == napi_ok ? verified : NULL;
}
