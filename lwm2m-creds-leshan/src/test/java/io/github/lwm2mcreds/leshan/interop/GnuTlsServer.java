// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import io.github.lwm2mcreds.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/** {@code gnutls-serv --udp}, which listens on all interfaces, as it has no option for one. */
final class GnuTlsServer implements PeerServer {
  @Override
  public String name() {
    return "GnuTLS";
  }

  @Override
  public void require() {
    Peers.require("gnutls-serv");
  }

  @Override
  public String version() throws InterruptedException {
    return new GnuTlsClient().version();
  }

  @Override
  public PeerService start(PskSuite suite, String identity, byte[] key) throws Exception {
    int port = ProgramService.freePort();
    Path keys = Files.createTempFile("interop", ".psk");
    keys.toFile().deleteOnExit();
    Files.writeString(keys, identity + ":" + HexFormat.of().formatHex(key) + "\n");
    return ProgramService.start(
        port,
        "listening",
        List.of(
            "gnutls-serv",
            "--udp",
            "--echo",
            "--port",
            String.valueOf(port),
            "--priority",
            GnuTlsClient.priority(suite),
            "--pskpasswd",
            keys.toString()));
  }
}
