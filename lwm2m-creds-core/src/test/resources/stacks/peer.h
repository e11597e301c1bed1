/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the DTLS clients of this folder share. Each is called with a port of the loopback interface, a PSK identity and
 * a key, both in hex, and makes one handshake. The last line of its output says what became of it:
 *
 *   connected      the handshake is finished, and so both sides have the same key
 *   refused ...    the library, or its callback's buffer, does not take the identity or the key
 *   failed ...     the handshake failed
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static unsigned char identity[70000];
static size_t identity_length;
static unsigned char key[70000];
static size_t key_length;
static int udp;

/* Makes the handshake; returns when it is finished. */
static void handshake(void);

static void end(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  putchar('\n');
  vprintf(format, arguments);
  va_end(arguments);
  putchar('\n');
  fflush(stdout);
  _exit(0);
}

/* Copies what fits into a callback's buffer, or ends: a buffer cut off silently would be this program's doing. */
static inline void fill(const char *what, void *buffer, size_t room, const void *from, size_t length) {
  if (length > room) {
    end("refused: the buffer for the %s has %zu bytes", what, room);
  }
  memcpy(buffer, from, length);
}

static size_t unhex(const char *hex, unsigned char *bytes) {
  size_t length = 0;
  unsigned int byte;
  for (; sscanf(hex, "%2x", &byte) == 1; hex += 2) {
    bytes[length++] = (unsigned char) byte;
  }
  return length;
}

int main(int count, char **arguments) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  struct timeval patience = {.tv_sec = 2};
  if (count != 4) {
    return 2;
  }
  identity_length = unhex(arguments[2], identity);
  key_length = unhex(arguments[3], key);
  server.sin_port = htons((unsigned short) atoi(arguments[1]));
  udp = socket(AF_INET, SOCK_DGRAM, 0);
  setsockopt(udp, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(udp, (struct sockaddr *) &server, sizeof server) != 0) {
    return 2;
  }
  alarm(60);
  handshake();
  end("connected");
}
