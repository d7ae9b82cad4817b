/* The AEAD of one stream: one cached EVP context, set to its key once and to a nonce for every frame. */
#include "frame-cipher.h"
#include "openssl.h"
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 32 };
enum { UNDIRECTED = 2 };

struct frame_cipher {
  EVP_CIPHER_CTX *context;
  const EVP_CIPHER *cipher;
  int direction;
  int begun; /* the direction of the current frame, if it is done piece by piece */
  uint32_t nonce_tail;
  size_t taken; /* bytes of that frame */
  unsigned char held[TAG_SIZE]; /* when opening, the last ones: the tag if the frame ends here */
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
  self->begun = UNDIRECTED;
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
  self->begun = UNDIRECTED;
}

bool frame_cipher_is_wiped(const frame_cipher *self) { return self->context == NULL; }

void frame_cipher_free(frame_cipher *self) {
  frame_cipher_wipe(self);
  free(self);
}

static bool set_nonce(frame_cipher *self, int direction, uint32_t index) {
  self->begun = UNDIRECTED; /* what follows is another frame */
  if (self->direction != direction) {
    self->direction = UNDIRECTED; /* a context that failed midway is set up again */
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

/* The state of a failed context is never reused, and no error stays in OpenSSL's queue for later callers. */
static void give_up(frame_cipher *self) {
  self->direction = UNDIRECTED;
  self->begun = UNDIRECTED;
  ERR_clear_error();
}

bool begin_frame(frame_cipher *self, direction direction, uint32_t index, bytes aad) {
  self->taken = 0;
  if (set_nonce(self, direction, index) && update(self, NULL, aad)) {
    self->begun = direction;
    return true;
  }
  give_up(self);
  return false;
}

bool has_begun(const frame_cipher *self, direction direction) { return self->begun == (int)direction; }

size_t taken_by(const frame_cipher *self) { return self->taken; }

static size_t held_of(size_t taken) { return taken < TAG_SIZE ? taken : TAG_SIZE; }

size_t opened_of(size_t taken) { return taken - held_of(taken); }

/* Opens the held bytes and `in`, except for the last TAG_SIZE bytes, which are held. Nothing is added to NULL. */
static bool open_all_but_tag(frame_cipher *self, bytes in, unsigned char *out) {
  size_t held = held_of(self->taken);
  size_t ready = opened_of(self->taken + in.length) - opened_of(self->taken);
  size_t first = ready < held ? ready : held;
  if (!update(self, out, (bytes){self->held, first})) return false;
  if (!update(self, first > 0 ? out + first : out, (bytes){in.data, ready - first})) return false;
  size_t kept = held - first;
  memmove(self->held, self->held + first, kept);
  if (in.length > 0) memcpy(self->held + kept, in.data + (ready - first), in.length - (ready - first));
  self->taken += in.length;
  return true;
}

static bool seal_all(frame_cipher *self, bytes in, unsigned char *out) {
  if (!update(self, out, in)) return false;
  self->taken += in.length;
  return true;
}

bool add_to_frame(frame_cipher *self, bytes in, unsigned char *out) {
  if (self->begun == SEALING ? seal_all(self, in, out) : open_all_but_tag(self, in, out)) return true;
  give_up(self);
  return false;
}

bool end_sealing(frame_cipher *self, bytes plaintext, unsigned char *out) {
  int written = 0;
  unsigned char none[TAG_SIZE];
  self->begun = UNDIRECTED;
  if (update(self, out, plaintext) && EVP_CipherFinal_ex(self->context, none, &written) == 1 && written == 0 &&
      EVP_CIPHER_CTX_ctrl(self->context, CTRL_AEAD_GET_TAG, TAG_SIZE, out + plaintext.length) == 1)
    return true;
  give_up(self);
  return false;
}

verdict end_opening(frame_cipher *self, bytes sealed, unsigned char *out) {
  int written = 0;
  unsigned char none[TAG_SIZE];
  self->begun = UNDIRECTED;
  if (!open_all_but_tag(self, sealed, out) || held_of(self->taken) != TAG_SIZE ||
      EVP_CIPHER_CTX_ctrl(self->context, CTRL_AEAD_SET_TAG, TAG_SIZE, self->held) != 1) {
    give_up(self);
    return BROKEN;
  }
  if (EVP_CipherFinal_ex(self->context, none, &written) == 1) return OPENED;
  give_up(self);
  return REFUSED;
}

bool seal_frame(frame_cipher *self, uint32_t index, bytes aad, joined plaintext, unsigned char *out) {
  if (!begin_frame(self, SEALING, index, aad) || !add_to_frame(self, plaintext.head, out)) return false;
  return end_sealing(self, plaintext.rest, plaintext.head.length > 0 ? out + plaintext.head.length : out);
}

verdict open_frame(frame_cipher *self, uint32_t index, bytes aad, joined sealed, unsigned char *out) {
  size_t length = sealed.head.length + sealed.rest.length - TAG_SIZE;
  verdict opened = BROKEN;
  if (begin_frame(self, OPENING, index, aad) && add_to_frame(self, sealed.head, out)) {
    size_t written = opened_of(sealed.head.length);
    opened = end_opening(self, sealed.rest, written > 0 ? out + written : out);
  }
  if (opened != OPENED && length > 0) OPENSSL_cleanse(out, length);
  return opened;
}
