/*
 * Reads and writes pipes without waiting, by descriptors that are open with O_NONBLOCK. A negative result is an error
 * of the system, such as -EAGAIN.
 */
#define _GNU_SOURCE
#include "methods.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/uio.h>
#include <unistd.h>

/* The most views that the kernel takes in one call (UIO_MAXIOV). */
enum { VIEWS_MAX = 1024 };

static napi_value number(napi_env env, int64_t value) {
  napi_value result;
  return napi_create_int64(env, value, &result) == napi_ok ? result : NULL;
}

/*
 * The memory of an array of Uint8Arrays, of its first 1024 if there are more. All elements are taken before any
 * pointer, because taking them may run code of the caller.
 */
static bool get_views(napi_env env, napi_value array, struct iovec *views, int *count) {
  napi_value elements[VIEWS_MAX];
  bool is_array;
  uint32_t length;
  size_t total = 0;
  if (napi_is_array(env, array, &is_array) != napi_ok || !is_array) return false;
  if (napi_get_array_length(env, array, &length) != napi_ok) return false;
  if (length > VIEWS_MAX) length = VIEWS_MAX;
  for (uint32_t i = 0; i < length; i++)
    if (napi_get_element(env, array, i, &elements[i]) != napi_ok) return false;
  for (uint32_t i = 0; i < length; i++) {
    bytes view;
    if (!get_bytes(env, elements[i], &view)) return false;
    views[i] = (struct iovec){view.data, view.length};
    total += view.length;
  }
  *count = (int)length;
  return total > 0; /* A read of nothing would look like the end. */
}

typedef ssize_t (*transfer)(int, const struct iovec *, int);

static napi_value move(napi_env env, napi_callback_info info, transfer call, const char *usage) {
  napi_value arguments[2];
  size_t given = 2, descriptor;
  struct iovec views[VIEWS_MAX];
  int count;
  ssize_t moved;
  if (napi_get_cb_info(env, info, &given, arguments, NULL, NULL) != napi_ok) return NULL;
  if (!get_integer(env, arguments[0], INT_MAX, &descriptor) || !get_views(env, arguments[1], views, &count)) {
    bool thrown = false;
    (void)napi_is_exception_pending(env, &thrown);
    return thrown ? NULL : fail(env, usage);
  }
  do moved = call((int)descriptor, views, count);
  while (moved < 0 && errno == EINTR);
  return number(env, moved < 0 ? -errno : moved);
}

/* readPipe(descriptor, views): the number of bytes read, 0 at the end */
napi_value read_pipe(napi_env env, napi_callback_info info) {
  return move(env, info, readv, "readPipe(descriptor, views): a wrong argument");
}

/* writePipe(descriptor, views): the number of bytes written */
napi_value write_pipe(napi_env env, napi_callback_info info) {
  return move(env, info, writev, "writePipe(descriptor, views): a wrong argument");
}

/* The largest packet of a pipe in packet mode: a page of the kernel. */
napi_value packet_size(napi_env env) { return number(env, sysconf(_SC_PAGESIZE)); }

/* growPipe(descriptor, size): the capacity of the pipe afterwards. A pipe that is large enough is not changed. */
napi_value grow_pipe(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t given = 2, descriptor, size;
  if (napi_get_cb_info(env, info, &given, arguments, NULL, NULL) != napi_ok) return NULL;
  if (!get_integer(env, arguments[0], INT_MAX, &descriptor) || !get_integer(env, arguments[1], INT_MAX, &size))
    return fail(env, "growPipe(descriptor, size): a wrong argument");
  int now = fcntl((int)descriptor, F_GETPIPE_SZ);
  if (now < 0) return number(env, -errno);
  if ((size_t)now >= size) return number(env, now);
  int grown = fcntl((int)descriptor, F_SETPIPE_SZ, (int)size);
  return number(env, grown < 0 ? now : grown); /* Refused because of the quota of the user: the pipe is not changed. */
}
