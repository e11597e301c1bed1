/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

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

static void handshake(void) {
  WOLFSSL_CTX *context;
  WOLFSSL *ssl;
  struct sockaddr_in peer;
  socklen_t length = sizeof peer;
  getpeername(udp, (struct sockaddr *) &peer, &length);
  wolfSSL_Init();
  context = wolfSSL_CTX_new(wolfDTLSv1_2_client_method());
  wolfSSL_CTX_set_psk_client_callback(context, give);
  /* Debian's build has no suites with a PSK alone, which LwM2M uses; the identity and the key go the same way. */
  wolfSSL_CTX_set_cipher_list(context, "ECDHE-PSK-AES128-CBC-SHA256");
  ssl = wolfSSL_new(context);
  wolfSSL_dtls_set_peer(ssl, &peer, length);
  wolfSSL_set_fd(ssl, udp);
  if (wolfSSL_connect(ssl) != WOLFSSL_SUCCESS) {
    end("failed: %d", wolfSSL_get_error(ssl, 0));
  }
}
