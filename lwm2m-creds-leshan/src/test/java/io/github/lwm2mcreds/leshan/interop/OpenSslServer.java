// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import io.github.lwm2mcreds.Peers;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** {@code openssl s_server}. */
final class OpenSslServer implements PeerServer {
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
    return new OpenSslClient().version();
  }

  @Override
  public Optional<String> lacks(DeviceCase what) {
    return what == DeviceCase.UNKNOWN_IDENTITY
        ? Optional.of("`s_server` takes any identity, with a warning")
        : Optional.empty();
  }

  @Override
  public PeerService start(PskSuite suite, String identity, byte[] key) throws Exception {
    int port = ProgramService.freePort();
    return ProgramService.start(
        port,
        "ACCEPT",
        List.of(
            "openssl",
            "s_server",
            "-dtls1_2",
            "-timeout",
            "-nocert",
            "-accept",
            "127.0.0.1:" + port,
            "-cipher",
            OpenSslClient.cipher(suite),
            "-psk",
            HexFormat.of().formatHex(key),
            "-psk_identity",
            identity));
  }
}
