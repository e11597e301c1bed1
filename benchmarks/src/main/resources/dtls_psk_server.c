/*
 * A DTLS 1.2 PSK server over libssl that sends back what it gets. One thread, one UDP socket, a pair of memory
 * buffers for each peer's port on loopback. Prints its port, then what it has used for each line it reads, and ends
 * with its input. Keys are computed by the caller's rule, as java.util.Random gives them for a device's number.
 */
#include <arpa/inet.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MTU 1400

static SSL *peers[65536];
static SSL_CTX *context;
static int verify;
static int sock;
static long echoes;
static unsigned char secret[32];
static int peer_index;

/* java.util.Random(device).nextBytes(key) */
static void key_of(uint32_t device, unsigned char *key) {
  uint64_t mask = (1ULL << 48) - 1;
  uint64_t seed = ((uint64_t)(int64_t)(int32_t)device ^ 0x5DEECE66DULL) & mask;
  for (int i = 0; i < 16; i += 4) {
    seed = (seed * 0x5DEECE66DULL + 0xBULL) & mask;
    uint32_t next = (uint32_t)(seed >> 16);
    for (int j = 0; j < 4; j++) {
      key[i + j] = (unsigned char)(next >> 8 * j);
    }
  }
}

static unsigned int find_key(SSL *ssl, const char *identity, unsigned char *key, unsigned int length) {
  (void)ssl;
  if (length < 16) {
    return 0;
  }
  key_of((uint32_t)strtoul(identity, NULL, 16), key);
  return 16;
}

static int make_cookie(SSL *ssl, unsigned char *cookie, unsigned int *length) {
  uint16_t *port = SSL_get_ex_data(ssl, peer_index);
  return HMAC(EVP_sha256(), secret, sizeof secret, (unsigned char *)port, sizeof *port, cookie, length) != NULL;
}

static int check_cookie(SSL *ssl, const unsigned char *cookie, unsigned int length) {
  unsigned char expected[EVP_MAX_MD_SIZE];
  unsigned int expected_length;
  return make_cookie(ssl, expected, &expected_length) && length == expected_length
      && CRYPTO_memcmp(cookie, expected, length) == 0;
}

static SSL *accept_peer(uint16_t port) {
  static uint16_t ports[65536];
  SSL *ssl = SSL_new(context);
  BIO *in = BIO_new(BIO_s_mem());
  BIO *out = BIO_new(BIO_s_mem());
  BIO_set_mem_eof_return(in, -1);
  SSL_set_bio(ssl, in, out);
  SSL_set_options(ssl, SSL_OP_NO_QUERY_MTU | (verify ? SSL_OP_COOKIE_EXCHANGE : 0));
  SSL_set_mtu(ssl, MTU);
  ports[port] = port;
  SSL_set_ex_data(ssl, peer_index, &ports[port]);
  SSL_set_accept_state(ssl);
  return ssl;
}

static int is_client_hello(const unsigned char *datagram, ssize_t length) {
  return length > 13 && datagram[0] == 22 && datagram[3] == 0 && datagram[4] == 0 && datagram[13] == 1;
}

/* Serves one datagram; tells whether there was one. */
static int serve(void) {
  unsigned char buffer[2048];
  struct sockaddr_in address;
  socklen_t size = sizeof address;
  ssize_t length = recvfrom(sock, buffer, sizeof buffer, MSG_DONTWAIT, (struct sockaddr *)&address, &size);
  if (length <= 0) {
    return 0;
  }
  uint16_t port = ntohs(address.sin_port);
  SSL *ssl = peers[port];
  if (ssl != NULL && SSL_is_init_finished(ssl) && is_client_hello(buffer, length)) {
    SSL_free(ssl);
    ssl = peers[port] = NULL;
  }
  if (ssl == NULL) {
    ssl = peers[port] = accept_peer(port);
  }
  BIO_write(SSL_get_rbio(ssl), buffer, (int)length);
  ERR_clear_error();
  int read = SSL_read(ssl, buffer, sizeof buffer);
  if (read > 0) {
    SSL_write(ssl, buffer, read);
    echoes++;
  }
  int failed = read <= 0 && SSL_get_error(ssl, read) != SSL_ERROR_WANT_READ;
  while ((read = BIO_read(SSL_get_wbio(ssl), buffer, sizeof buffer)) > 0) {
    sendto(sock, buffer, (size_t)read, 0, (struct sockaddr *)&address, size);
  }
  if (failed) {
    SSL_free(ssl);
    peers[port] = NULL;
  }
  return 1;
}

static void report(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  long long nanos = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL
      + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
  printf("%ld %lld 0 %lld 0 %ld\n", echoes, nanos, nanos, usage.ru_nvcsw + usage.ru_nivcsw);
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s CIPHER true|false\n", argv[0]);
    return 2;
  }
  verify = strcmp(argv[2], "true") == 0;
  peer_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
  RAND_bytes(secret, sizeof secret);
  context = SSL_CTX_new(DTLS_server_method());
  SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION);
  SSL_CTX_set_security_level(context, 0); /* CCM_8 has 64 bits of tag */
  if (SSL_CTX_set_cipher_list(context, argv[1]) != 1) {
    fprintf(stderr, "no cipher %s\n", argv[1]);
    return 1;
  }
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_psk_server_callback(context, find_key);
  SSL_CTX_set_cookie_generate_cb(context, make_cookie);
  SSL_CTX_set_cookie_verify_cb(context, check_cookie);

  sock = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (sock < 0 || bind(sock, (struct sockaddr *)&address, sizeof address) != 0) {
    perror("socket");
    return 1;
  }
  getsockname(sock, (struct sockaddr *)&address, &size);
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);

  struct pollfd wait[2] = {{.fd = sock, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
  for (;;) {
    poll(wait, 2, -1);
    if (wait[0].revents & POLLIN) {
      while (serve()) {
      }
    }
    if (wait[1].revents) {
      char asked[64];
      if (read(0, asked, sizeof asked) <= 0) {
        return 0;
      }
      report();
    }
  }
}
