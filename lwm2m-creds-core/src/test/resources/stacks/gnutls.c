/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"
#include <gnutls/dtls.h>
#include <gnutls/gnutls.h>

static const char *version(void) {
  return gnutls_check_version(NULL);
}

static gnutls_session_t session;
static gnutls_psk_client_credentials_t credentials;

static const char *priority(void) {
  if (is_kind("cbc")) {
    return "NONE:+VERS-DTLS1.2:+PSK:+AES-128-CBC:+SHA256:+SIGN-ALL:+GROUP-ALL";
  }
  if (is_kind("ecdhe")) {
    return "NONE:+VERS-DTLS1.2:+ECDHE-PSK:+AES-128-CBC:+SHA256:+SIGN-ALL:+GROUP-ALL";
  }
  return "NONE:+VERS-DTLS1.2:+PSK:+AES-128-CCM-8:+AEAD:+SIGN-ALL:+GROUP-ALL";
}

static void shake_hands(const gnutls_datum_t *resumed) {
  int result;
  gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_DATAGRAM);
  gnutls_credentials_set(session, GNUTLS_CRD_PSK, credentials);
  gnutls_priority_set_direct(session, priority(), NULL);
  gnutls_transport_set_int(session, udp);
  gnutls_dtls_set_timeouts(session, 1000, 3000);
  if (resumed != NULL) {
    gnutls_session_set_data(session, resumed->data, resumed->size);
  }
  do {
    result = gnutls_handshake(session);
  } while (result != 0 && !gnutls_error_is_fatal(result));
  if (result != 0) {
    end("failed: %s", gnutls_strerror_name(result));
  }
}

static void handshake(void) {
  gnutls_datum_t psk = {key, (unsigned int) key_length};
  int result;
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
  shake_hands(NULL);
}

static void resume(void) {
  gnutls_datum_t before;
  gnutls_session_get_data2(session, &before);
  shake_hands(&before);
}

static int exchange(const unsigned char *message, size_t length) {
  unsigned char answer[2000];
  return gnutls_record_send(session, message, length) > 0
      && is_answer(answer, (int) gnutls_record_recv(session, answer, sizeof answer), message);
}
