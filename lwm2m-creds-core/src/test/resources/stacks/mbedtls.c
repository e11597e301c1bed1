/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/timing.h>
#include <mbedtls/version.h>

#if MBEDTLS_VERSION_MAJOR > 2
#include <psa/crypto.h>
#endif

static const char *version(void) {
  static char text[18];
  mbedtls_version_get_string(text);
  return text;
}

static mbedtls_ssl_context ssl;
static mbedtls_net_context net;
static mbedtls_timing_delay_context timer;

static const int *suites(void) {
  static int suites[] = {MBEDTLS_TLS_PSK_WITH_AES_128_CCM_8, 0};
  if (is_kind("cbc")) {
    suites[0] = MBEDTLS_TLS_PSK_WITH_AES_128_CBC_SHA256;
  } else if (is_kind("ecdhe")) {
    suites[0] = MBEDTLS_TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256;
  }
  return suites;
}

static void shake_hands(void) {
  int result;
  net.fd = udp;
  do {
    result = mbedtls_ssl_handshake(&ssl);
  } while (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE);
  if (result != 0) {
    end("failed: -0x%04x", -result);
  }
}

static void handshake(void) {
  static mbedtls_entropy_context entropy;
  static mbedtls_ctr_drbg_context random;
  static mbedtls_ssl_config config;
  int result;
#if MBEDTLS_VERSION_MAJOR > 2
  psa_crypto_init();
#endif
  mbedtls_entropy_init(&entropy);
  mbedtls_ctr_drbg_init(&random);
  mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0);
  mbedtls_ssl_config_init(&config);
  mbedtls_ssl_init(&ssl);
  mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT);
  mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random);
  mbedtls_ssl_conf_ciphersuites(&config, suites());
  mbedtls_ssl_conf_handshake_timeout(&config, 1000, 3000);
  mbedtls_ssl_conf_read_timeout(&config, 2000);
  result = mbedtls_ssl_conf_psk(&config, key, key_length, identity, identity_length);
  if (result != 0) {
    end("refused: -0x%04x", -result);
  }
  mbedtls_ssl_setup(&ssl, &config);
  mbedtls_ssl_set_timer_cb(&ssl, &timer, mbedtls_timing_set_delay, mbedtls_timing_get_delay);
  mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, NULL, mbedtls_net_recv_timeout);
  shake_hands();
}

static void resume(void) {
  mbedtls_ssl_session before;
  mbedtls_ssl_session_init(&before);
  mbedtls_ssl_get_session(&ssl, &before);
  mbedtls_ssl_session_reset(&ssl);
  mbedtls_ssl_set_session(&ssl, &before);
  shake_hands();
}

static int exchange(const unsigned char *message, size_t length) {
  unsigned char answer[2000];
  return mbedtls_ssl_write(&ssl, message, length) > 0
      && is_answer(answer, mbedtls_ssl_read(&ssl, answer, sizeof answer), message);
}
