#include "arguments.h"

napi_value fail(napi_env env, const char *message) {
  napi_throw_range_error(env, "ERR_SEALPIPE_OPTIONS", message);
  return NULL;
}

bool get_memory(napi_env env, napi_value value, bytes *out) {
  napi_typedarray_type type = napi_int8_array; /* unchanged for a type that this Node-API does not know */
  bool is_typed_array;
  void *data;
  if (napi_is_typedarray(env, value, &is_typed_array) != napi_ok || !is_typed_array) return false;
  if (napi_get_typedarray_info(env, value, &type, &out->length, &data, NULL, NULL) != napi_ok) return false;
  if (type != napi_uint8_array) return false;
  if (data == NULL && out->length > 0) return false;
  out->data = data;
  return true;
}

bool get_bytes(napi_env env, napi_value value, bytes *out) {
  return get_memory(env, value, out) && out->length <= DATA_MAX;
}

bool get_integer(napi_env env, napi_value value, double max, size_t *out) {
  double number;
  if (napi_get_value_double(env, value, &number) != napi_ok) return false;
  if (!(number >= 0 && number <= max) || number != (double)(size_t)number) return false;
  *out = (size_t)number;
  return true;
}

bool apart(bytes a, bytes b) {
  uintptr_t begin = (uintptr_t)a.data, other = (uintptr_t)b.data;
  return a.length == 0 || b.length == 0 || begin + a.length <= other || other + b.length <= begin;
}

bool take(bytes out, size_t offset, size_t size, bytes *target) {
  if (offset > out.length || size > out.length - offset) return false;
  /* An empty array may be NULL, to which nothing may be added. */
  *target = (bytes){offset > 0 ? out.data + offset : out.data, size};
  return true;
}
