// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.Peers;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.dtls.ExtendedMasterSecretMode;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.pskstore.SinglePskStore;

/** DTLS clients of several makers, with any identity and key. */
enum DtlsPeer {
  SCANDIUM {
    @Override
    Runnable connect(Loopback server, Handshake handshake) {
      PskPublicInformation identity = new PskPublicInformation(handshake.identity());
      server.echo(
          Loopback.impatientDevice(Loopback.credential("unused", "unused", 1))
              .set(DtlsConfig.DTLS_CIPHER_SUITES, List.of(handshake.suite()))
              .set(
                  DtlsConfig.DTLS_EXTENDED_MASTER_SECRET_MODE,
                  handshake.extended()
                      ? ExtendedMasterSecretMode.ENABLED
                      : ExtendedMasterSecretMode.NONE)
              .setPskStore(new SinglePskStore(identity, handshake.key())),
          "hello");
      return () -> {}; // it ends with the server
    }
  },
  OPENSSL {
    @Override
    Runnable connect(Loopback server, Handshake handshake) throws IOException {
      boolean ccm = handshake.suite() == CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
      ProcessBuilder openssl =
          process(
              "openssl",
              "s_client",
              "-dtls1_2",
              "-connect",
              hostPort(server.address()),
              "-cipher",
              (ccm ? "PSK-AES128-CCM8" : "PSK-AES128-CBC-SHA256") + ":@SECLEVEL=0",
              "-psk_identity",
              handshake.identity(),
              "-psk",
              HexFormat.of().formatHex(handshake.key()));
      if (handshake.extended()) {
        return started(openssl);
      }
      Path config = Files.createTempFile("openssl", ".cnf");
      Files.writeString(config, WITHOUT_EXTENDED);
      openssl.environment().put("OPENSSL_CONF", config.toString());
      config.toFile().deleteOnExit();
      return started(openssl);
    }
  },
  GNUTLS {
    @Override
    Runnable connect(Loopback server, Handshake handshake) throws IOException {
      boolean ccm = handshake.suite() == CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
      return started(
          process(
              "gnutls-cli",
              "--udp",
              "--port",
              String.valueOf(server.address().getPort()),
              "--pskusername",
              handshake.identity(),
              "--pskkey",
              HexFormat.of().formatHex(handshake.key()),
              "--priority",
              "NONE:+VERS-DTLS1.2:+PSK:+SIGN-ALL:+GROUP-ALL"
                  + (ccm ? ":+AES-128-CCM-8:+AEAD" : ":+AES-128-CBC:+SHA256")
                  + (handshake.extended() ? "" : ":%NO_SESSION_HASH"),
              server.address().getAddress().getHostAddress()));
    }
  };

  /** What a client makes of its handshake. */
  record Handshake(String identity, byte[] key, CipherSuite suite, boolean extended) {}

  private static final String WITHOUT_EXTENDED =
      """
      openssl_conf = init
      [init]
      ssl_conf = ssl
      [ssl]
      system_default = tls
      [tls]
      Options = -ExtendedMasterSecret
      """;

  /** Begins a handshake; returns what ends it. */
  abstract Runnable connect(Loopback server, Handshake handshake) throws Exception;

  /** Starts a client that waits for input, which does not come. */
  static Runnable started(ProcessBuilder client) throws IOException {
    Process process =
        client.redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD).start();
    return process::destroyForcibly;
  }

  static ProcessBuilder process(String... command) {
    Peers.require(command[0]);
    return new ProcessBuilder(command);
  }

  static String hostPort(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }
}
