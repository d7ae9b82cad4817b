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

/* BROKEN: OpenSSL itself failed, which says nothing about the frame. */
typedef enum { BROKEN, REFUSED, OPENED } verdict;

/* Bytes of a suite's key; 0 where this OpenSSL does not have the suite. */
size_t key_size_of(const char *suite);

/* Copies a key of the suite's size and a nonce of NONCE_SIZE. NULL: out of memory. */
frame_cipher *frame_cipher_new(const char *suite, const unsigned char *key, const unsigned char *nonce);

/* Frees the context, which OpenSSL wipes, and wipes the key. Safe to call again. */
void frame_cipher_wipe(frame_cipher *self);
bool frame_cipher_is_wiped(const frame_cipher *self);
void frame_cipher_free(frame_cipher *self);

/* What one frame is made of: two runs of memory, the second behind the first. Either may be empty. */
typedef struct {
  bytes head, rest;
} joined;

/*
 * `out` takes the plaintext and TAG_SIZE bytes. A part of the plaintext lies there where its own ciphertext goes, or
 * does not touch what is written.
 */
bool seal_frame(frame_cipher *self, uint32_t index, bytes aad, joined plaintext, unsigned char *out);

/*
 * `sealed` holds TAG_SIZE bytes at least; `out` takes the others. A part of the ciphertext lies there where its own
 * plaintext goes, or does not touch what is written. Unless the frame is OPENED, nothing that was not verified stays
 * in `out`.
 */
verdict open_frame(frame_cipher *self, uint32_t index, bytes aad, joined sealed, unsigned char *out);

/*
 * The same frame piece by piece: begun, added to any number of times, ended in the direction in which it was begun.
 * Whatever fails ends it as well, as does every other frame. Input and output do not touch.
 *
 * Sealing writes as much as it is given. Opening holds the last TAG_SIZE bytes back, which are the tag if the frame
 * ends behind them, and writes the others. None of them is verified before the frame is OPENED: the caller wipes what
 * it got of one that is not.
 */
bool begin_frame(frame_cipher *self, direction direction, uint32_t index, bytes aad);
bool has_begun(const frame_cipher *self, direction direction);
/* Bytes of the frame so far. */
size_t taken_by(const frame_cipher *self);
/* How many of so many bytes of a sealed frame opening writes. */
size_t opened_of(size_t taken);
bool add_to_frame(frame_cipher *self, bytes in, unsigned char *out);
bool end_sealing(frame_cipher *self, bytes plaintext, unsigned char *out);
verdict end_opening(frame_cipher *self, bytes sealed, unsigned char *out);

#endif
