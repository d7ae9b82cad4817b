/*
 * The methods of the class FrameCipher, in JavaScript. No JavaScript runs between taking a pointer and its last use,
 * and no argument is converted.
 */
#ifndef SEALPIPE_METHODS_H
#define SEALPIPE_METHODS_H
#include "arguments.h"

/* The arguments of a method, and the cipher that it was called on; NULL after an exception. */
frame_cipher *receive(napi_env env, napi_callback_info info, size_t count, napi_value *arguments);

napi_value seal_one(napi_env env, napi_callback_info info);
napi_value open_one(napi_env env, napi_callback_info info);
napi_value seal_frames(napi_env env, napi_callback_info info);
napi_value open_frames(napi_env env, napi_callback_info info);
napi_value start_seal(napi_env env, napi_callback_info info);
napi_value start_open(napi_env env, napi_callback_info info);
napi_value update_frame(napi_env env, napi_callback_info info);
napi_value finish_seal(napi_env env, napi_callback_info info);
napi_value finish_open(napi_env env, napi_callback_info info);
napi_value open_across(napi_env env, napi_callback_info info);

/* Functions of the addon itself (file-calls.c). */
napi_value lock_file(napi_env env, napi_callback_info info);
napi_value copy_attributes(napi_env env, napi_callback_info info);

/* Functions of the addon itself (pipe-calls.c). */
napi_value read_pipe(napi_env env, napi_callback_info info);
napi_value write_pipe(napi_env env, napi_callback_info info);
napi_value grow_pipe(napi_env env, napi_callback_info info);
napi_value packet_size(napi_env env);

/* Adds the class PipeWatch (pipe-watch.c) to what the addon exports. */
bool define_pipe_watch(napi_env env, napi_value exports);

#endif
