/* Reads arguments from JavaScript and throws errors, without running any JavaScript. */
#ifndef SEALPIPE_ARGUMENTS_H
#define SEALPIPE_ARGUMENTS_H
#define NAPI_VERSION 8
#include "frame-cipher.h"
#include <node_api.h>

/* The most data in one call, and in a frame. It fits in OpenSSL's ints with room to spare. */
#define DATA_MAX ((size_t)1 << 30)

/* Throws a RangeError. Returns NULL, like every method that throws. */
napi_value fail(napi_env env, const char *message);

/* The memory of a Uint8Array. A detached array, and one whose buffer shrank below it, is empty. */
bool get_memory(napi_env env, napi_value value, bytes *out);

/* Like above, of at most DATA_MAX bytes. */
bool get_bytes(napi_env env, napi_value value, bytes *out);

/* A whole number of at least 0. */
bool get_integer(napi_env env, napi_value value, double max, size_t *out);

/* Whether they do not overlap. */
bool apart(bytes a, bytes b);

/* Whether `out` has `size` bytes at `offset`. */
bool take(bytes out, size_t offset, size_t size, bytes *target);

#endif
