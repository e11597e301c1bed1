/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

static const char *version(void) {
  return wolfSSL_lib_version();
}

/* wolfSSL puts a NUL behind its buffer. */
static unsigned int give(WOLFSSL *ssl, const char *hint, char *to, unsigned int room, unsigned char *psk, unsigned int most) {
  (void) ssl;
  (void) hint;
  fill("identity", to, room, identity, identity_length);
  if (identity_length < room) {
    to[identity_length] = 0;
  }
  fill("key", psk, most, key, key_length);
  return (unsigned int) key_length;
}

static WOLFSSL *ssl;

static void shake_hands(WOLFSSL_CTX *context, WOLFSSL_SESSION *resumed) {
  struct sockaddr_in peer;
  socklen_t length = sizeof peer;
  getpeername(udp, (struct sockaddr *) &peer, &length);
  ssl = wolfSSL_new(context);
  /* Else release 5.5.4 offers X25519, too, and does not take it with ECDHE_PSK (ECC_PEERKEY_ERROR). */
  wolfSSL_UseSupportedCurve(ssl, WOLFSSL_ECC_SECP256R1);
  wolfSSL_dtls_set_peer(ssl, &peer, length);
  wolfSSL_set_fd(ssl, udp);
  if (resumed != NULL) {
    wolfSSL_set_session(ssl, resumed);
  }
  if (wolfSSL_connect(ssl) != WOLFSSL_SUCCESS) {
    end("failed: %d", wolfSSL_get_error(ssl, 0));
  }
}

static void handshake(void) {
  WOLFSSL_CTX *context;
  wolfSSL_Init();
  context = wolfSSL_CTX_new(wolfDTLSv1_2_client_method());
  wolfSSL_CTX_set_psk_client_callback(context, give);
  /* Debian's build has no suites with a PSK alone, which LwM2M uses; the identity and the key go the same way. */
  if (is_kind("ccm8") || is_kind("cbc")) {
    end("refused: no suite with a PSK alone");
  }
  wolfSSL_CTX_set_cipher_list(context, "ECDHE-PSK-AES128-CBC-SHA256");
  shake_hands(context, NULL);
}

static void resume(void) {
  shake_hands(wolfSSL_get_SSL_CTX(ssl), wolfSSL_get1_session(ssl));
}

static int exchange(const unsigned char *message, size_t length) {
  unsigned char answer[2000];
  return wolfSSL_write(ssl, message, (int) length) > 0
      && is_answer(answer, wolfSSL_read(ssl, answer, sizeof answer), message);
}
