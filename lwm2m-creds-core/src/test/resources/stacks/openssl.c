/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"
#include <openssl/err.h>
#include <openssl/ssl.h>

static const char *version(void) {
  return OpenSSL_version(OPENSSL_VERSION_STRING);
}

/* "max_identity_len" counts the NUL, as OpenSSL's documentation of the callback says. */
static unsigned int give(SSL *ssl, const char *hint, char *to, unsigned int room, unsigned char *psk, unsigned int most) {
  (void) ssl;
  (void) hint;
  fill("identity", to, room - 1, identity, identity_length);
  to[identity_length] = 0;
  fill("key", psk, most, key, key_length);
  return (unsigned int) key_length;
}

static SSL *ssl;

static const char *suites(void) {
  if (is_kind("cbc")) {
    return "PSK-AES128-CBC-SHA256:@SECLEVEL=0";
  }
  return is_kind("ecdhe") ? "ECDHE-PSK-AES128-CBC-SHA256" : "PSK-AES128-CCM8:@SECLEVEL=0";
}

static void shake_hands(SSL_CTX *context, SSL_SESSION *resumed) {
  BIO *bio = BIO_new_dgram(udp, BIO_NOCLOSE);
  struct sockaddr_in peer;
  socklen_t length = sizeof peer;
  getpeername(udp, (struct sockaddr *) &peer, &length);
  BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &peer);
  ssl = SSL_new(context);
  SSL_set_bio(ssl, bio, bio);
  if (resumed != NULL) {
    SSL_set_session(ssl, resumed);
  }
  if (SSL_connect(ssl) != 1) {
    end("failed: %s", ERR_reason_error_string(ERR_peek_error()));
  }
}

static void handshake(void) {
  SSL_CTX *context = SSL_CTX_new(DTLS_client_method());
  SSL_CTX_set_psk_client_callback(context, give);
  SSL_CTX_set_cipher_list(context, suites());
  shake_hands(context, NULL);
}

static void resume(void) {
  shake_hands(SSL_get_SSL_CTX(ssl), SSL_get1_session(ssl));
}

static int exchange(const unsigned char *message, size_t length) {
  unsigned char answer[2000];
  return SSL_write(ssl, message, (int) length) > 0
      && is_answer(answer, SSL_read(ssl, answer, sizeof answer), message);
}
