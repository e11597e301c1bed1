// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import io.github.lwm2mcreds.DtlsStack;
import io.github.lwm2mcreds.Peers;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code gnutls-cli --udp}, and our own client in C where it is the program that fails, not the
 * library: release 3.7.9 ends with a segmentation fault when it prints what it knows of a session
 * with ECDHE_PSK, and says goodbye before it resumes a session, so that there is none.
 */
final class GnuTlsClient implements PeerClient {
  private final CClient library =
      new CClient(
          "GnuTLS",
          DtlsStack.GNUTLS,
          suites(),
          Map.of(InteropCase.CONNECTION_ID, "it has no connection ids"));

  @Override
  public String name() {
    return "GnuTLS";
  }

  @Override
  public void require() throws Exception {
    Peers.require("gnutls-cli");
    library.require();
  }

  @Override
  public String version() throws InterruptedException {
    return PeerProcess.run("gnutls-cli", "--version")
        .lines()
        .findFirst()
        .orElseThrow()
        .split(" ")[1];
  }

  @Override
  public List<PskSuite> suites() {
    return List.of(PskSuite.CCM_8, PskSuite.CBC, PskSuite.ECDHE);
  }

  @Override
  public Optional<String> lacks(InteropCase what) {
    return library.lacks(what);
  }

  @Override
  public PeerSession connect(Hello hello) throws Exception {
    return hello.suite() == PskSuite.ECDHE
        ? library.connect(hello)
        : new PipedSession(start(hello), () -> start(hello));
  }

  @Override
  public PeerSession connectToResume(Hello hello) throws Exception {
    return library.connect(hello);
  }

  private static PeerProcess start(Hello hello) {
    List<String> command =
        List.of(
            "gnutls-cli",
            "--udp",
            "127.0.0.1",
            "--port",
            String.valueOf(hello.port()),
            "--priority",
            priority(hello.suite()),
            "--pskkey",
            HexFormat.of().formatHex(hello.key()),
            "--pskusername");
    return new PeerProcess(Shell.withLast(hello.identity(), command));
  }

  static String priority(PskSuite suite) {
    return "NONE:+VERS-DTLS1.2:+SIGN-ALL:+GROUP-ALL:"
        + switch (suite) {
          case CCM_8 -> "+PSK:+AES-128-CCM-8:+AEAD";
          case CBC -> "+PSK:+AES-128-CBC:+SHA256";
          case ECDHE -> "+ECDHE-PSK:+AES-128-CBC:+SHA256";
        };
  }
}
