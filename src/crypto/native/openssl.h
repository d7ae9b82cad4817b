/*
 * The parts of the OpenSSL inside Node that are used: declared here, and resolved to symbols of the running binary.
 * OpenSSL is neither linked nor vendored.
 */
#ifndef SEALPIPE_OPENSSL_H
#define SEALPIPE_OPENSSL_H
#include <stddef.h>

typedef struct evp_cipher_st EVP_CIPHER;
typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;
typedef struct engine_st ENGINE;

extern EVP_CIPHER_CTX *EVP_CIPHER_CTX_new(void);
extern void EVP_CIPHER_CTX_free(EVP_CIPHER_CTX *);
extern int EVP_CIPHER_CTX_ctrl(EVP_CIPHER_CTX *, int, int, void *);
extern int EVP_CipherInit_ex(EVP_CIPHER_CTX *, const EVP_CIPHER *, ENGINE *, const unsigned char *,
                             const unsigned char *, int);
extern int EVP_CipherUpdate(EVP_CIPHER_CTX *, unsigned char *, int *, const unsigned char *, int);
extern int EVP_CipherFinal_ex(EVP_CIPHER_CTX *, unsigned char *, int *);
extern const EVP_CIPHER *EVP_aes_256_gcm(void);
extern const EVP_CIPHER *EVP_aes_128_gcm(void);
/* Weak, because some builds of Node do not export it. */
extern const EVP_CIPHER *EVP_chacha20_poly1305(void) __attribute__((weak));
extern void OPENSSL_cleanse(void *, size_t);
extern void ERR_clear_error(void);

enum { CTRL_AEAD_GET_TAG = 0x10, CTRL_AEAD_SET_TAG = 0x11 };

#endif
