/* One AEAD key with its nonce sequence, over memory that the caller has checked. Knows nothing of JavaScript. */
#ifndef SEALPIPE_FRAME_CIPHER_H
#define SEALPIPE_FRAME_CIPHER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NONCE_SIZE = 12, TAG_SIZE = 16 };

typedef struct frame_cipher frame_cipher;

typedef struct {
  unsigned char *data;
  size_t length;
} bytes;

typedef enum { OPENING = 0, SEALING = 1 } direction;

/* BROKEN: OpenSSL itself failed; the frame may be authentic. */
typedef enum { BROKEN, REFUSED, OPENED } verdict;

/* The size of a suite's key in bytes; 0 if this OpenSSL does not have the suite. */
size_t key_size_of(const char *suite);

/* Copies a key of the suite's size and a nonce of NONCE_SIZE. NULL: out of memory. */
frame_cipher *frame_cipher_new(const char *suite, const unsigned char *key, const unsigned char *nonce);

/* Frees the context, which OpenSSL wipes, and wipes the key. Safe to call again. */
void frame_cipher_wipe(frame_cipher *self);
bool frame_cipher_is_wiped(const frame_cipher *self);
void frame_cipher_free(frame_cipher *self);

/* The bytes of one frame: those of `head`, then those of `rest`. Either may be empty. */
typedef struct {
  bytes head, rest;
} joined;

/*
 * `out` has room for the plaintext and TAG_SIZE bytes. Each part of the plaintext is exactly where its ciphertext is
 * written, or does not overlap the output.
 */
bool seal_frame(frame_cipher *self, uint32_t index, bytes aad, joined plaintext, unsigned char *out);

/*
 * `sealed` holds at least TAG_SIZE bytes; `out` has room for the others. Each part of the ciphertext is exactly where
 * its plaintext is written, or does not overlap the output. Unless the frame is OPENED, no unverified plaintext stays
 * in `out`.
 */
verdict open_frame(frame_cipher *self, uint32_t index, bytes aad, joined sealed, unsigned char *out);

/*
 * A frame piece by piece: begun, updated any number of times, and finished in the same direction. A failure ends it,
 * and so does any other frame. Input and output do not overlap.
 *
 * Sealing writes as many bytes as it gets. Opening holds the last TAG_SIZE bytes back, which are the tag if the frame
 * ends after them, and writes the others. None of them is verified before the frame is OPENED: otherwise the caller
 * wipes them.
 */
bool begin_frame(frame_cipher *self, direction direction, uint32_t index, bytes aad);
bool has_begun(const frame_cipher *self, direction direction);
/* Bytes of the frame so far. */
size_t taken_by(const frame_cipher *self);
/* How many bytes opening writes for this many bytes of a sealed frame. */
size_t opened_of(size_t taken);
bool add_to_frame(frame_cipher *self, bytes in, unsigned char *out);
bool end_sealing(frame_cipher *self, bytes plaintext, unsigned char *out);
verdict end_opening(frame_cipher *self, bytes sealed, unsigned char *out);

#endif
