// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The DTLS libraries that are measured, each by a small client in C in {@code /stacks}. */
public enum DtlsStack {
  OPENSSL("openssl.c", "openssl/ssl.h", "-lssl", "-lcrypto"),
  GNUTLS("gnutls.c", "gnutls/dtls.h", "-lgnutls"),
  GNUTLS_STRING("gnutls.c", "gnutls/dtls.h", "-DWITH_STRING", "-lgnutls"),
  MBEDTLS("mbedtls.c", "mbedtls/ssl.h", "-lmbedtls", "-lmbedx509", "-lmbedcrypto"),
  WOLFSSL("wolfssl.c", "wolfssl/ssl.h", "-lwolfssl"),
  LIBCOAP_OPENSSL("libcoap.c", "coap3/coap.h", "-lcoap-3-openssl"),
  LIBCOAP_GNUTLS("libcoap.c", "coap3/coap.h", "-lcoap-3-gnutls");

  private final String source;
  private final String header;
  private final List<String> options;

  DtlsStack(String source, String header, String... options) {
    this.source = source;
    this.header = header;
    this.options = List.of(options);
  }

  /** Compiles the client; skips the test, or fails it in continuous integration, if it cannot. */
  public Path compile(Path folder) throws IOException, InterruptedException {
    Peers.require("cc");
    Peers.require(
        Files.exists(Path.of("/usr/include", header)), "/usr/include/" + header + " is missing");
    copy("peer.h", folder);
    Path client = folder.resolve(name());
    List<String> command = new ArrayList<>(List.of("cc", "-std=gnu99", "-O1", "-Wall", "-o"));
    command.addAll(List.of(client.toString(), copy(source, folder).toString()));
    command.addAll(options);
    Peers.run(command.toArray(String[]::new));
    return client;
  }

  private static Path copy(String name, Path folder) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = DtlsStack.class.getResourceAsStream("/stacks/" + name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  /** Makes one handshake; returns the last line that the client says. */
  static String connect(Path client, int port, byte[] identity, byte[] key)
      throws IOException, InterruptedException {
    HexFormat hex = HexFormat.of();
    Process process =
        new ProcessBuilder(
                client.toString(),
                String.valueOf(port),
                hex.formatHex(identity),
                hex.formatHex(key))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    List<String> lines = new String(process.getInputStream().readAllBytes()).lines().toList();
    int status = process.waitFor();
    return status == 0 ? lines.get(lines.size() - 1) : "ended with status " + status + lines;
  }
}
