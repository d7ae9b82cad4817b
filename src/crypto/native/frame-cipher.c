/* The AEAD of one stream: one cached EVP context, set to its key once and to a nonce for every frame. */
#include "frame-cipher.h"
#include "openssl.h"
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 32 };
enum { OPENING = 0, SEALING = 1, UNDIRECTED = 2 };

struct frame_cipher {
  EVP_CIPHER_CTX *context;
  const EVP_CIPHER *cipher;
  int direction;
  uint32_t nonce_tail;
  unsigned char nonce[NONCE_SIZE];
  unsigned char key[KEY_MAX];
};

static const EVP_CIPHER *cipher_of(const char *suite) {
  if (strcmp(suite, "AES-256-GCM") == 0) return EVP_aes_256_gcm();
  if (strcmp(suite, "AES-128-GCM") == 0) return EVP_aes_128_gcm();
  if (strcmp(suite, "CHACHA20-POLY1305") == 0 && EVP_chacha20_poly1305 != NULL) return EVP_chacha20_poly1305();
  return NULL;
}

size_t key_size_of(const char *suite) {
  if (cipher_of(suite) == NULL) return 0;
  return strcmp(suite, "AES-128-GCM") == 0 ? 16 : KEY_MAX;
}

frame_cipher *frame_cipher_new(const char *suite, const unsigned char *key, const unsigned char *nonce) {
  frame_cipher *self = calloc(1, sizeof *self);
  if (self == NULL) return NULL;
  self->context = EVP_CIPHER_CTX_new();
  if (self->context == NULL) {
    free(self);
    return NULL;
  }
  self->cipher = cipher_of(suite);
  self->direction = UNDIRECTED;
  memcpy(self->key, key, key_size_of(suite));
  memcpy(self->nonce, nonce, NONCE_SIZE);
  for (int i = NONCE_SIZE - 4; i < NONCE_SIZE; i++) self->nonce_tail = self->nonce_tail << 8 | nonce[i];
  return self;
}

void frame_cipher_wipe(frame_cipher *self) {
  EVP_CIPHER_CTX_free(self->context);
  self->context = NULL;
  OPENSSL_cleanse(self->key, sizeof self->key);
  OPENSSL_cleanse(self->nonce, sizeof self->nonce);
  self->nonce_tail = 0;
}

bool frame_cipher_is_wiped(const frame_cipher *self) { return self->context == NULL; }

void frame_cipher_free(frame_cipher *self) {
  frame_cipher_wipe(self);
  free(self);
}

static bool begin_frame(frame_cipher *self, int direction, uint32_t index) {
  if (self->direction != direction) {
    self->direction = UNDIRECTED; /* a context that failed half-way is set up anew */
    if (EVP_CipherInit_ex(self->context, self->cipher, NULL, self->key, NULL, direction) != 1) return false;
    self->direction = direction;
  }
  uint32_t tail = self->nonce_tail ^ index;
  for (int i = 0; i < 4; i++) self->nonce[NONCE_SIZE - 1 - i] = (unsigned char)(tail >> (8 * i));
  return EVP_CipherInit_ex(self->context, NULL, NULL, NULL, self->nonce, direction) == 1;
}

static bool update(frame_cipher *self, unsigned char *out, bytes in) {
  int written = 0;
  if (in.length == 0) return true;
  return EVP_CipherUpdate(self->context, out, &written, in.data, (int)in.length) == 1 &&
         (size_t)written == in.length;
}

/* Nothing is added to NULL, which `out` may be where nothing is written. */
static bool update_joined(frame_cipher *self, unsigned char *out, joined in) {
  if (!update(self, out, in.head)) return false;
  return update(self, in.head.length > 0 ? out + in.head.length : out, in.rest);
}

/* No state of a context that failed is used again, and no error waits in OpenSSL's queue for another's call. */
static void give_up(frame_cipher *self) {
  self->direction = UNDIRECTED;
  ERR_clear_error();
}

bool seal_frame(frame_cipher *self, uint32_t index, bytes aad, joined plaintext, unsigned char *out) {
  int written = 0;
  unsigned char none[TAG_SIZE];
  unsigned char *tag = out + plaintext.head.length + plaintext.rest.length;
  if (begin_frame(self, SEALING, index) && update(self, NULL, aad) && update_joined(self, out, plaintext) &&
      EVP_CipherFinal_ex(self->context, none, &written) == 1 && written == 0 &&
      EVP_CIPHER_CTX_ctrl(self->context, CTRL_AEAD_GET_TAG, TAG_SIZE, tag) == 1)
    return true;
  give_up(self);
  return false;
}

/* Copies the tag from the end of both parts, and takes it off them. */
static joined split_tag(joined sealed, unsigned char *tag) {
  size_t in_rest = sealed.rest.length < TAG_SIZE ? sealed.rest.length : TAG_SIZE;
  size_t in_head = TAG_SIZE - in_rest;
  sealed.head.length -= in_head;
  sealed.rest.length -= in_rest;
  if (in_head > 0) memcpy(tag, sealed.head.data + sealed.head.length, in_head);
  if (in_rest > 0) memcpy(tag + in_head, sealed.rest.data + sealed.rest.length, in_rest);
  return sealed;
}

verdict open_frame(frame_cipher *self, uint32_t index, bytes aad, joined sealed, unsigned char *out) {
  int written = 0;
  unsigned char tag[TAG_SIZE], none[TAG_SIZE];
  joined ciphertext = split_tag(sealed, tag);
  size_t length = ciphertext.head.length + ciphertext.rest.length;
  bool ready = begin_frame(self, OPENING, index) &&
               EVP_CIPHER_CTX_ctrl(self->context, CTRL_AEAD_SET_TAG, TAG_SIZE, tag) == 1 &&
               update(self, NULL, aad) && update_joined(self, out, ciphertext);
  if (ready && EVP_CipherFinal_ex(self->context, none, &written) == 1) return OPENED;
  if (length > 0) OPENSSL_cleanse(out, length);
  give_up(self);
  return ready ? REFUSED : BROKEN;
}
