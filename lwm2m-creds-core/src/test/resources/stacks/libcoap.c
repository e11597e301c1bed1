/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"
#include <coap3/coap.h>

static const char *version(void) {
  return coap_package_version();
}

static int outcome;
static int answered;
static coap_session_t *session;

static int event(coap_session_t *of, const coap_event_t event) {
  (void) of;
  if (event == COAP_EVENT_DTLS_CONNECTED) {
    outcome = 1;
  } else if (event == COAP_EVENT_DTLS_ERROR || event == COAP_EVENT_DTLS_CLOSED) {
    outcome = -1;
  }
  return 0;
}

static coap_response_t response(coap_session_t *of, const coap_pdu_t *sent, const coap_pdu_t *received, const coap_mid_t id) {
  (void) of;
  (void) sent;
  (void) received;
  answered = id;
  return COAP_RESPONSE_OK;
}

static void handshake(void) {
  coap_context_t *context;
  coap_dtls_cpsk_t setup = {.version = COAP_DTLS_CPSK_SETUP_VERSION};
  coap_address_t server;
  socklen_t length = sizeof server.addr.sin;
  int round;
  coap_startup();
  coap_set_log_level(LOG_WARNING);
  coap_dtls_set_log_level(LOG_WARNING);
  coap_address_init(&server);
  getpeername(udp, &server.addr.sa, &length);
  server.size = length;
  context = coap_new_context(NULL);
  coap_register_event_handler(context, event);
  setup.psk_info.identity.s = identity;
  setup.psk_info.identity.length = identity_length;
  setup.psk_info.key.s = key;
  setup.psk_info.key.length = key_length;
  coap_register_response_handler(context, response);
  session = coap_new_client_session_psk2(context, NULL, &server, COAP_PROTO_DTLS, &setup);
  if (session == NULL) {
    end("refused: no session");
  }
  /* Release 4.3.1 has no such event with GnuTLS. */
  for (round = 0; outcome == 0 && round < 50; round++) {
    coap_io_process(context, 100);
    outcome = outcome == 0 ? coap_session_get_state(session) == COAP_SESSION_STATE_ESTABLISHED : outcome;
  }
  if (outcome <= 0) {
    end("failed: %s", outcome == 0 ? "no end in time" : "DTLS error");
  }
}

static void resume(void) {
  end("refused: libcoap resumes no session");
}

static int exchange(const unsigned char *message, size_t length) {
  int id = message[2] << 8 | message[3];
  int round;
  coap_pdu_t *get = coap_pdu_init(COAP_MESSAGE_CON, COAP_REQUEST_CODE_GET, id, coap_session_max_pdu_size(session));
  (void) length;
  coap_add_option(get, COAP_OPTION_URI_PATH, 1, (const uint8_t *) "x");
  coap_send(session, get);
  for (round = 0; answered != id && round < 20; round++) {
    coap_io_process(coap_session_get_context(session), 100);
  }
  return answered == id;
}
