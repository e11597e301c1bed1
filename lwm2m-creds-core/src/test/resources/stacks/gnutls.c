/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"
#include <gnutls/dtls.h>
#include <gnutls/gnutls.h>

static void handshake(void) {
  gnutls_session_t session;
  gnutls_psk_client_credentials_t credentials;
  gnutls_datum_t psk = {key, (unsigned int) key_length};
  int result;
  gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_DATAGRAM);
  gnutls_psk_allocate_client_credentials(&credentials);
#ifdef WITH_STRING
  result = gnutls_psk_set_client_credentials(credentials, (char *) identity, &psk, GNUTLS_PSK_KEY_RAW);
#else
  gnutls_datum_t user = {identity, (unsigned int) identity_length};
  result = gnutls_psk_set_client_credentials2(credentials, &user, &psk, GNUTLS_PSK_KEY_RAW);
#endif
  if (result != 0) {
    end("refused: %s", gnutls_strerror_name(result));
  }
  gnutls_credentials_set(session, GNUTLS_CRD_PSK, credentials);
  gnutls_priority_set_direct(session, "NONE:+VERS-DTLS1.2:+PSK:+AES-128-CCM-8:+AEAD:+SIGN-ALL:+GROUP-ALL", NULL);
  gnutls_transport_set_int(session, udp);
  gnutls_dtls_set_timeouts(session, 1000, 3000);
  do {
    result = gnutls_handshake(session);
  } while (result != 0 && !gnutls_error_is_fatal(result));
  if (result != 0) {
    end("failed: %s", gnutls_strerror_name(result));
  }
}
