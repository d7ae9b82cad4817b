/*
 * The parts of Node's libuv that are used: declared here, and resolved to symbols of the running binary. The ABI does
 * not change within version 1. Weak: without them, pipes are read like Node reads them.
 */
#ifndef SEALPIPE_LIBUV_H
#define SEALPIPE_LIBUV_H
#include <stddef.h>

struct uv_loop_s;
typedef struct uv_handle_s uv_handle_t;
typedef struct uv_poll_s uv_poll_t;
typedef void (*uv_close_cb)(uv_handle_t *);
typedef void (*uv_poll_cb)(uv_poll_t *, int status, int events);

extern int uv_poll_init(struct uv_loop_s *, uv_poll_t *, int descriptor) __attribute__((weak));
extern int uv_poll_start(uv_poll_t *, int events, uv_poll_cb) __attribute__((weak));
extern int uv_poll_stop(uv_poll_t *) __attribute__((weak));
extern void uv_close(uv_handle_t *, uv_close_cb) __attribute__((weak));
extern size_t uv_handle_size(int type) __attribute__((weak));
extern void *uv_handle_get_data(const uv_handle_t *) __attribute__((weak));
extern void uv_handle_set_data(uv_handle_t *, void *) __attribute__((weak));

enum { UV_POLL = 8, UV_READABLE = 1, UV_WRITABLE = 2 };

#endif
