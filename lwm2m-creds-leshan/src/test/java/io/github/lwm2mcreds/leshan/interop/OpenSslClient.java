// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import io.github.lwm2mcreds.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** {@code openssl s_client}. */
final class OpenSslClient implements PeerClient {
  @Override
  public String name() {
    return "OpenSSL";
  }

  @Override
  public void require() {
    Peers.require("openssl");
  }

  @Override
  public String version() throws InterruptedException {
    return PeerProcess.run("openssl", "version").split(" ")[1];
  }

  @Override
  public List<PskSuite> suites() {
    return List.of(PskSuite.CCM_8, PskSuite.CBC, PskSuite.ECDHE);
  }

  @Override
  public Optional<String> lacks(InteropCase what) {
    return what == InteropCase.CONNECTION_ID
        ? Optional.of("it has no connection ids")
        : Optional.empty();
  }

  @Override
  public PeerSession connect(Hello hello) {
    Path session;
    try {
      session = Files.createTempFile("interop", ".session");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    session.toFile().deleteOnExit();
    return new PipedSession(
        start(hello, "-sess_out", session), () -> start(hello, "-sess_in", session));
  }

  private static PeerProcess start(Hello hello, String option, Path session) {
    List<String> command =
        List.of(
            "openssl",
            "s_client",
            "-quiet",
            "-dtls1_2",
            "-timeout",
            "-connect",
            "127.0.0.1:" + hello.port(),
            "-cipher",
            cipher(hello.suite()),
            option,
            session.toString(),
            "-psk",
            HexFormat.of().formatHex(hello.key()),
            "-psk_identity");
    return new PeerProcess(Shell.withLast(hello.identity(), command));
  }

  /** Debian's settings leave out suites with a tag of 8 bytes; a device's own would not. */
  static String cipher(PskSuite suite) {
    return switch (suite) {
      case CCM_8 -> "PSK-AES128-CCM8:@SECLEVEL=0";
      case CBC -> "PSK-AES128-CBC-SHA256:@SECLEVEL=0";
      case ECDHE -> "ECDHE-PSK-AES128-CBC-SHA256";
    };
  }
}
