/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the DTLS clients of this folder share. Each is called with a port of the loopback interface, a PSK identity and
 * a key, both in hex, and makes one handshake. The last line of its output says what became of it:
 *
 *   connected      the handshake is finished, and so both sides have the same key
 *   refused ...    the library, or its callback's buffer, does not take the identity or the key
 *   failed ...     the handshake failed
 *
 * With a kind of cipher suite as a fourth argument (ccm8, cbc or ecdhe) it goes on, and follows the lines of its
 * standard input until that ends. Then the program ends too, as if the power went: without a goodbye.
 *
 *   request ID     sends a CoAP request with a message id in hex; "answered" when the answer comes, or "silent"
 *   resume         makes an abbreviated handshake from another port; "connected" when it is finished
 *
 * With the argument "version" alone it says which library it runs with.
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

static const char *suite = "";

static const char *version(void);

/* Makes the handshake; returns when it is finished. */
static void handshake(void);

/* Makes another one in a new socket, which resumes the session. */
static void resume(void);

/* Sends a CoAP message; returns whether something with the same message id comes back. */
static int exchange(const unsigned char *message, size_t length);

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

static void say(const char *line) {
  printf("\n%s\n", line);
  fflush(stdout);
}

static inline int is_kind(const char *kind) {
  return strcmp(suite, kind) == 0;
}

/* Whether a CoAP message is the answer to another (RFC 7252 section 4.2). */
static inline int is_answer(const unsigned char *answer, int length, const unsigned char *message) {
  return length >= 4 && answer[0] >> 4 == 6 && answer[2] == message[2] && answer[3] == message[3];
}

static void open_socket(const char *port) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  struct timeval patience = {.tv_sec = 2};
  server.sin_port = htons((unsigned short) atoi(port));
  udp = socket(AF_INET, SOCK_DGRAM, 0);
  setsockopt(udp, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(udp, (struct sockaddr *) &server, sizeof server) != 0) {
    end("refused: no socket");
  }
}

static void follow(const char *port) {
  char line[80];
  unsigned int id;
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (sscanf(line, "request %x", &id) == 1) {
      /* A confirmable GET of /x, RFC 7252 section 3. */
      unsigned char get[] = {0x40, 1, (unsigned char) (id >> 8), (unsigned char) id, 0xb1, 'x'};
      say(exchange(get, sizeof get) ? "answered" : "silent");
    } else {
      open_socket(port);
      resume();
      say("connected");
    }
  }
}

int main(int count, char **arguments) {
  if (count == 2 && strcmp(arguments[1], "version") == 0) {
    end("%s", version());
  }
  if (count != 4 && count != 5) {
    return 2;
  }
  identity_length = unhex(arguments[2], identity);
  key_length = unhex(arguments[3], key);
  suite = count == 5 ? arguments[4] : suite;
  open_socket(arguments[1]);
  alarm(60);
  handshake();
  if (count == 5) {
    say("connected");
    follow(arguments[1]);
    _exit(0);
  }
  end("connected");
}
