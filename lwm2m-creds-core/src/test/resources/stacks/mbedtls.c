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

static void handshake(void) {
  static const int suites[] = {MBEDTLS_TLS_PSK_WITH_AES_128_CCM_8, 0};
  mbedtls_entropy_context entropy;
  mbedtls_ctr_drbg_context random;
  mbedtls_ssl_config config;
  mbedtls_ssl_context ssl;
  mbedtls_timing_delay_context timer;
  mbedtls_net_context net = {udp};
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
  mbedtls_ssl_conf_ciphersuites(&config, suites);
  mbedtls_ssl_conf_handshake_timeout(&config, 1000, 3000);
  result = mbedtls_ssl_conf_psk(&config, key, key_length, identity, identity_length);
  if (result != 0) {
    end("refused: -0x%04x", -result);
  }
  mbedtls_ssl_setup(&ssl, &config);
  mbedtls_ssl_set_timer_cb(&ssl, &timer, mbedtls_timing_set_delay, mbedtls_timing_get_delay);
  mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, NULL, mbedtls_net_recv_timeout);
  do {
    result = mbedtls_ssl_handshake(&ssl);
  } while (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE);
  if (result != 0) {
    end("failed: -0x%04x", -result);
  }
}
