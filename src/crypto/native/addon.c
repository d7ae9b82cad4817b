/*
 * The class FrameCipher for Node, and calls for files (file-calls.c) and pipes (pipe-calls.c, pipe-watch.c). Linked with
 * -z now: a Node that lacks one of the symbols refuses to load this file, and the engine over node:crypto is used.
 *
 * Every type, length and range is checked (arguments.c), so that no argument from JavaScript can make this code read or
 * write outside a buffer.
 */
#include "methods.h"
#include <string.h>

static const napi_type_tag TYPE_TAG = {0x5e2a9c41d7b0463fULL, 0x8f1d6b7ce4a35902ULL};

static void finalize(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  frame_cipher_free(data);
}

frame_cipher *receive(napi_env env, napi_callback_info info, size_t count, napi_value *arguments) {
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
    return fail(env, "this object already has a type tag");
  }
  return receiver;
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor methods[] = {
      {"seal", NULL, seal_one, NULL, NULL, NULL, napi_default_method, NULL},
      {"open", NULL, open_one, NULL, NULL, NULL, napi_default_method, NULL},
      {"sealFrames", NULL, seal_frames, NULL, NULL, NULL, napi_default_method, NULL},
      {"openFrames", NULL, open_frames, NULL, NULL, NULL, napi_default_method, NULL},
      {"startSeal", NULL, start_seal, NULL, NULL, NULL, napi_default_method, NULL},
      {"startOpen", NULL, start_open, NULL, NULL, NULL, napi_default_method, NULL},
      {"update", NULL, update_frame, NULL, NULL, NULL, napi_default_method, NULL},
      {"finishSeal", NULL, finish_seal, NULL, NULL, NULL, napi_default_method, NULL},
      {"finishOpen", NULL, finish_open, NULL, NULL, NULL, napi_default_method, NULL},
      {"openAcross", NULL, open_across, NULL, NULL, NULL, napi_default_method, NULL},
      {"wipe", NULL, wipe, NULL, NULL, NULL, napi_default_method, NULL},
  };
  const napi_property_descriptor functions[] = {
      {"lockFile", NULL, lock_file, NULL, NULL, NULL, napi_enumerable, NULL},
      {"copyAttributes", NULL, copy_attributes, NULL, NULL, NULL, napi_enumerable, NULL},
      {"readPipe", NULL, read_pipe, NULL, NULL, NULL, napi_enumerable, NULL},
      {"writePipe", NULL, write_pipe, NULL, NULL, NULL, napi_enumerable, NULL},
      {"growPipe", NULL, grow_pipe, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_value class;
  if (napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions) != napi_ok) return NULL;
  if (!define_pipe_watch(env, exports) ||
      napi_set_named_property(env, exports, "packetSize", packet_size(env)) != napi_ok)
    return NULL;
  if (napi_define_class(env, "FrameCipher", NAPI_AUTO_LENGTH, construct, NULL, sizeof methods / sizeof *methods,
                        methods, &class) != napi_ok ||
      napi_set_named_property(env, exports, "FrameCipher", class) != napi_ok)
    return NULL;
  return exports;
}
