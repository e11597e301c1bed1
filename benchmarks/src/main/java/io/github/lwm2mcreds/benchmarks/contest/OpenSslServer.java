// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** The C program over the system's libssl, built when it is first needed. */
final class OpenSslServer {
  private static final String SOURCE = "dtls_psk_server.c";
  private static Path program;

  private OpenSslServer() {}

  /** Returns why it cannot be built here; empty if it can. */
  static synchronized Optional<String> missing() {
    if (program != null) {
      return Optional.empty();
    }
    try {
      program = build();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  static List<String> command(ServerSpec spec) throws IOException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    return List.of(program.toString(), opensslName(spec), Boolean.toString(spec.helloVerify()));
  }

  private static String opensslName(ServerSpec spec) {
    return switch (spec.suite()) {
      case TLS_PSK_WITH_AES_128_CCM_8 -> "PSK-AES128-CCM8";
      case TLS_PSK_WITH_AES_128_CBC_SHA256 -> "PSK-AES128-CBC-SHA256";
      default -> throw new IllegalArgumentException("OpenSSL has no " + spec.suite());
    };
  }

  private static Path build() throws IOException {
    Path folder = Files.createTempDirectory("lwm2m-creds-openssl");
    Path source = folder.resolve(SOURCE);
    try (InputStream in = OpenSslServer.class.getResourceAsStream("/" + SOURCE)) {
      Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
    }
    Path built = folder.resolve("dtls_psk_server");
    Process cc =
        new ProcessBuilder(
                "cc", "-O2", "-o", built.toString(), source.toString(), "-lssl", "-lcrypto")
            .redirectErrorStream(true)
            .start();
    String messages = new String(cc.getInputStream().readAllBytes(), UTF_8);
    try {
      if (cc.waitFor() != 0) {
        throw new IOException("cc cannot build it: " + messages.lines().findFirst().orElse(""));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    for (Path path : List.of(folder, source, built)) {
      path.toFile().deleteOnExit();
    }
    return built;
  }
}
