/*
 * The class PipeWatch: waits in Node's event loop, without a thread, until a pipe can be read or written.
 *
 * Its memory is shared by the object and the loop, and is freed when both are done with it. libuv releases a handle one
 * iteration after it is closed. The environment waits for that when it ends.
 */
#include "libuv.h"
#include "methods.h"
#include <limits.h>
#include <stdlib.h>

static const napi_type_tag TYPE_TAG = {0x2b7d10f3a96c4e85ULL, 0xd4517ec2083fb69aULL};

typedef struct {
  napi_env env;
  napi_ref callback;
  napi_async_context context;
  napi_async_cleanup_hook_handle hook;
  uv_poll_t *poll;
  int owners;
  bool is_active, is_wanted, is_closing;
} watch;

static void release(watch *self) {
  if (--self->owners > 0) return;
  free(self->poll);
  free(self);
}

static void on_closed(uv_handle_t *handle) {
  watch *self = uv_handle_get_data(handle);
  (void)napi_remove_async_cleanup_hook(self->hook);
  release(self);
}

static void close_watch(watch *self) {
  if (self->is_closing) return;
  self->is_closing = true;
  self->is_active = self->is_wanted = false;
  (void)napi_delete_reference(self->env, self->callback);
  (void)napi_async_destroy(self->env, self->context);
  uv_close((uv_handle_t *)self->poll, on_closed);
}

static void finalize(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  close_watch(data);
  release(data);
}

static void on_environment_end(napi_async_cleanup_hook_handle hook, void *data) {
  (void)hook;
  close_watch(data);
}

static void call_back(watch *self) {
  napi_handle_scope scope;
  napi_value callback, global, ignored, error;
  if (napi_open_handle_scope(self->env, &scope) != napi_ok) return;
  if (napi_get_reference_value(self->env, self->callback, &callback) == napi_ok && callback != NULL &&
      napi_get_global(self->env, &global) == napi_ok &&
      napi_make_callback(self->env, self->context, global, callback, 0, NULL, &ignored) == napi_pending_exception &&
      napi_get_and_clear_last_exception(self->env, &error) == napi_ok)
    (void)napi_fatal_exception(self->env, error);
  (void)napi_close_handle_scope(self->env, scope);
}

/* If the callback waits again at once, no system call is needed. */
static void on_ready(uv_poll_t *poll, int status, int events) {
  watch *self = uv_handle_get_data((uv_handle_t *)poll);
  (void)events;
  if (status < 0) self->is_active = false; /* libuv has stopped: the next read or write shows why. */
  self->is_wanted = false;
  self->owners++;
  call_back(self);
  if (!self->is_wanted && self->is_active && !self->is_closing) {
    (void)uv_poll_stop(poll);
    self->is_active = false;
  }
  release(self);
}

static bool is_there(void) {
  return uv_poll_init != NULL && uv_poll_start != NULL && uv_poll_stop != NULL && uv_close != NULL &&
         uv_handle_size != NULL && uv_handle_get_data != NULL && uv_handle_set_data != NULL;
}

static watch *receive_watch(napi_env env, napi_callback_info info, size_t count, napi_value *arguments) {
  napi_value receiver;
  bool ours = false;
  void *self;
  if (napi_get_cb_info(env, info, &count, arguments, &receiver, NULL) == napi_ok &&
      napi_check_object_type_tag(env, receiver, &TYPE_TAG, &ours) == napi_ok && ours &&
      napi_unwrap(env, receiver, &self) == napi_ok)
    return self;
  fail(env, "not a PipeWatch");
  return NULL;
}

/*
 * wait(forRoom): calls the callback once, when the pipe has bytes (with `forRoom`: room), or when its other end is
 * closed
 */
static napi_value wait_for(napi_env env, napi_callback_info info) {
  napi_value argument;
  bool for_room;
  watch *self = receive_watch(env, info, 1, &argument);
  if (self == NULL) return NULL;
  if (self->is_closing) return fail(env, "the watch was closed");
  if (napi_get_value_bool(env, argument, &for_room) != napi_ok) return fail(env, "wait(forRoom): a wrong argument");
  self->is_wanted = true;
  if (self->is_active) return NULL;
  if (uv_poll_start(self->poll, for_room ? UV_WRITABLE : UV_READABLE, on_ready) != 0)
    return fail(env, "libuv could not wait");
  self->is_active = true;
  return NULL;
}

/* close(): stops waiting; the descriptor may be closed afterwards */
static napi_value close_method(napi_env env, napi_callback_info info) {
  watch *self = receive_watch(env, info, 0, NULL);
  if (self != NULL) close_watch(self);
  return NULL;
}

/* Everything that the watch needs except its object. NULL on failure. */
static watch *make(napi_env env, napi_value callback, int descriptor) {
  struct uv_loop_s *loop;
  napi_value name;
  watch *self = calloc(1, sizeof *self);
  if (self == NULL) return NULL;
  self->env = env;
  self->poll = calloc(1, uv_handle_size(UV_POLL));
  if (self->poll == NULL) goto no_memory;
  if (napi_create_reference(env, callback, 1, &self->callback) != napi_ok) goto no_memory;
  if (napi_create_string_utf8(env, "sealpipe:pipe", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_async_init(env, NULL, name, &self->context) != napi_ok)
    goto no_context;
  if (napi_add_async_cleanup_hook(env, on_environment_end, self, &self->hook) != napi_ok) goto no_hook;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok || uv_poll_init(loop, self->poll, descriptor) != 0) goto no_poll;
  uv_handle_set_data((uv_handle_t *)self->poll, self);
  self->owners = 2;
  return self;
no_poll:
  (void)napi_remove_async_cleanup_hook(self->hook);
no_hook:
  (void)napi_async_destroy(env, self->context);
no_context:
  (void)napi_delete_reference(env, self->callback);
no_memory:
  free(self->poll);
  free(self);
  return NULL;
}

/* new PipeWatch(descriptor, callback) */
static napi_value construct(napi_env env, napi_callback_info info) {
  napi_value argv[2], receiver, target;
  napi_valuetype type;
  size_t given = 2, descriptor;
  if (napi_get_new_target(env, info, &target) != napi_ok || target == NULL) return fail(env, "call it with new");
  if (napi_get_cb_info(env, info, &given, argv, &receiver, NULL) != napi_ok) return NULL;
  if (!get_integer(env, argv[0], INT_MAX, &descriptor) || napi_typeof(env, argv[1], &type) != napi_ok ||
      type != napi_function)
    return fail(env, "new PipeWatch(descriptor, callback): a wrong argument");
  watch *self = is_there() ? make(env, argv[1], (int)descriptor) : NULL;
  if (self == NULL) return fail(env, "the descriptor cannot be waited for");
  if (napi_wrap(env, receiver, self, finalize, NULL, NULL) != napi_ok) {
    close_watch(self);
    release(self);
    return fail(env, "out of memory");
  }
  /* From here on, its finalizer closes it. */
  if (napi_type_tag_object(env, receiver, &TYPE_TAG) != napi_ok) return fail(env, "this object already has a type tag");
  return receiver;
}

bool define_pipe_watch(napi_env env, napi_value exports) {
  const napi_property_descriptor methods[] = {
      {"wait", NULL, wait_for, NULL, NULL, NULL, napi_default_method, NULL},
      {"close", NULL, close_method, NULL, NULL, NULL, napi_default_method, NULL},
  };
  napi_value class;
  return napi_define_class(env, "PipeWatch", NAPI_AUTO_LENGTH, construct, NULL, sizeof methods / sizeof *methods,
                           methods, &class) == napi_ok &&
         napi_set_named_property(env, exports, "PipeWatch", class) == napi_ok;
}
