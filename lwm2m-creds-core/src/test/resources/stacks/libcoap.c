/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"
#include <coap3/coap.h>

static int outcome;

static int event(coap_session_t *session, const coap_event_t event) {
  (void) session;
  if (event == COAP_EVENT_DTLS_CONNECTED) {
    outcome = 1;
  } else if (event == COAP_EVENT_DTLS_ERROR || event == COAP_EVENT_DTLS_CLOSED) {
    outcome = -1;
  }
  return 0;
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
  if (coap_new_client_session_psk2(context, NULL, &server, COAP_PROTO_DTLS, &setup) == NULL) {
    end("refused: no session");
  }
  for (round = 0; outcome == 0 && round < 50; round++) {
    coap_io_process(context, 100);
  }
  if (outcome <= 0) {
    end("failed: %s", outcome == 0 ? "no end in time" : "DTLS error");
  }
}
