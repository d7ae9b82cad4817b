/*
 * File calls that Node lacks: locking an open file, and copying the rights and attributes of a file. Both return
 * undefined, or the name of the error.
 */
#define _GNU_SOURCE
#include "methods.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

/* The limits of the kernel (XATTR_LIST_MAX, XATTR_SIZE_MAX). */
enum { NAMES_MAX = 65536, VALUE_MAX = 65536 };

static const struct {
  int number;
  const char *name;
} NAMES[] = {
    {EAGAIN, "EAGAIN"}, {EACCES, "EACCES"},         {EPERM, "EPERM"},   {EBADF, "EBADF"},   {EINVAL, "EINVAL"},
    {ENOLCK, "ENOLCK"}, {EOPNOTSUPP, "EOPNOTSUPP"}, {ENOSYS, "ENOSYS"}, {EINTR, "EINTR"},   {EIO, "EIO"},
    {ENOSPC, "ENOSPC"}, {EDQUOT, "EDQUOT"},         {ENOMEM, "ENOMEM"}, {EROFS, "EROFS"},   {E2BIG, "E2BIG"},
    {ERANGE, "ERANGE"}, {ENODATA, "ENODATA"},       {EDEADLK, "EDEADLK"}, {ESTALE, "ESTALE"},
};

static napi_value answer(napi_env env, int error) {
  napi_value result = NULL;
  char other[32];
  const char *name = other;
  if (error == 0) {
    (void)napi_get_undefined(env, &result);
    return result;
  }
  (void)snprintf(other, sizeof other, "errno %d", error);
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
    if (NAMES[i].number == error) name = NAMES[i].name;
  if (napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &result) != napi_ok) return NULL;
  return result;
}

static bool get_descriptors(napi_env env, napi_callback_info info, size_t count, int *descriptors) {
  napi_value arguments[2];
  size_t given = count, number;
  if (napi_get_cb_info(env, info, &given, arguments, NULL, NULL) != napi_ok || given < count) return false;
  for (size_t i = 0; i < count; i++) {
    if (!get_integer(env, arguments[i], INT_MAX, &number)) return false;
    descriptors[i] = (int)number;
  }
  return true;
}

/* lockFile(descriptor): takes a write lock on the whole file for its open file description, without waiting. */
napi_value lock_file(napi_env env, napi_callback_info info) {
  int descriptor;
  if (!get_descriptors(env, info, 1, &descriptor)) return fail(env, "lockFile(descriptor): a wrong argument");
  struct flock lock;
  memset(&lock, 0, sizeof lock);
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return answer(env, fcntl(descriptor, F_OFD_SETLK, &lock) == 0 ? 0 : errno);
}

/* Copies one attribute unless it already exists with the same value. */
static int copy_one(int from, int to, const char *name, char *value, char *there) {
  ssize_t length = fgetxattr(from, name, value, VALUE_MAX);
  if (length < 0) return errno;
  ssize_t other = fgetxattr(to, name, there, VALUE_MAX);
  if (other == length && memcmp(value, there, (size_t)length) == 0) return 0;
  return fsetxattr(to, name, value, (size_t)length, 0) == 0 ? 0 : errno;
}

static int remove_foreign(int from, int to, char *names, char *value) {
  ssize_t length = flistxattr(to, names, NAMES_MAX);
  if (length < 0) return errno == EOPNOTSUPP ? 0 : errno;
  for (char *name = names; name < names + length; name += strlen(name) + 1)
    if (fgetxattr(from, name, value, VALUE_MAX) < 0) {
      if (errno != ENODATA) return errno;
      if (fremovexattr(to, name) != 0) return errno;
    }
  return 0;
}

static int copy_all(int from, int to, char *names, char *value, char *there) {
  ssize_t length = flistxattr(from, names, NAMES_MAX);
  if (length < 0) return errno == EOPNOTSUPP ? 0 : errno;
  for (char *name = names; name < names + length; name += strlen(name) + 1) {
    int error = copy_one(from, to, name, value, there);
    if (error != 0) return error;
  }
  return remove_foreign(from, to, names, value);
}

/* copyAttributes(from, to): extended attributes, including POSIX ACLs. Any others of `to` are removed. */
napi_value copy_attributes(napi_env env, napi_callback_info info) {
  int descriptors[2];
  if (!get_descriptors(env, info, 2, descriptors)) return fail(env, "copyAttributes(from, to): a wrong argument");
  char *memory = calloc(1, NAMES_MAX + 2 * (size_t)VALUE_MAX);
  if (memory == NULL) return answer(env, ENOMEM);
  char *value = memory + NAMES_MAX;
  int error = copy_all(descriptors[0], descriptors[1], memory, value, value + VALUE_MAX);
  free(memory);
  return answer(env, error);
}
