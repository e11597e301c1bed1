// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import static io.github.lwm2mcreds.benchmarks.fleet.FilledStore.Kind.DERIVED;
import static io.github.lwm2mcreds.benchmarks.fleet.FilledStore.Kind.IN_MEMORY;
import static io.github.lwm2mcreds.benchmarks.fleet.FilledStore.Kind.LATE;
import static io.github.lwm2mcreds.benchmarks.fleet.FilledStore.Kind.LESHAN;
import static io.github.lwm2mcreds.benchmarks.fleet.FilledStore.Kind.MIRROR;
import static io.github.lwm2mcreds.benchmarks.fleet.FilledStore.Kind.SCANDIUM_SINGLE;
import static io.github.lwm2mcreds.benchmarks.fleet.FilledStore.Kind.SQLITE;

import io.github.lwm2mcreds.benchmarks.contest.ServerSpec.Peer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;

/** Which servers are compared, and in what. */
public enum Contest {
  /** All DTLS servers, with their defaults. */
  PEERS {
    @Override
    List<Contestant> contestants(int fleet) {
      return Stream.of(
              new Contestant("lwm2m-creds", ServerSpec.of(Peer.LWM2M_CREDS, MIRROR, fleet)),
              new Contestant("Leshan", ServerSpec.of(Peer.LESHAN, LESHAN, fleet)),
              new Contestant("Scandium", ServerSpec.of(Peer.SCANDIUM, SCANDIUM_SINGLE, 1)),
              new Contestant(
                  "Bouncy Castle", ServerSpec.of(Peer.BOUNCY_CASTLE, SCANDIUM_SINGLE, fleet)),
              new Contestant("OpenSSL (C)", ServerSpec.of(Peer.OPENSSL, SCANDIUM_SINGLE, fleet)))
          .toList();
    }
  },
  /** The same without a HelloVerifyRequest, which no server on the Internet should do without. */
  PEERS_WITHOUT_HELLO_VERIFY {
    @Override
    List<Contestant> contestants(int fleet) {
      return PEERS.contestants(fleet).stream()
          .map(contestant -> contestant.withServer(contestant.server().withoutHelloVerify()))
          .toList();
    }
  },
  /** Stores, behind this library's connector. */
  STORES {
    @Override
    List<Contestant> contestants(int fleet) {
      return Stream.of(SCANDIUM_SINGLE, IN_MEMORY, MIRROR, DERIVED, LATE, LESHAN, SQLITE)
          .map(
              store ->
                  new Contestant(
                      store.name(),
                      ServerSpec.of(
                          Peer.LWM2M_CREDS,
                          store,
                          store == SCANDIUM_SINGLE ? 1 : store == SQLITE ? fleet / 10 : fleet)))
          .toList();
    }
  },
  /** The store that a server usually has, by the size of the fleet. */
  FLEETS {
    @Override
    List<Contestant> contestants(int fleet) {
      return Stream.of(1, fleet / 100, fleet)
          .map(
              size ->
                  new Contestant("MIRROR " + size, ServerSpec.of(Peer.LWM2M_CREDS, MIRROR, size)))
          .toList();
    }
  },
  /** The server profile with one thing changed at a time. */
  SETTINGS {
    @Override
    List<Contestant> contestants(int fleet) {
      Contestant ours =
          new Contestant("lwm2m-creds", ServerSpec.of(Peer.LWM2M_CREDS, IN_MEMORY, fleet / 10));
      return List.of(
          ours,
          ours.withJvmOptions("two receiving threads", "-D" + ScandiumEchoServer.RECEIVERS + "=2"),
          ours.withJvmOptions(
              "64 KiB of socket buffer", "-D" + ScandiumEchoServer.RECEIVE_BUFFER + "=65536"),
          new Contestant(
              "in a plain DTLSConnector", ServerSpec.of(Peer.LWM2M_DTLS, IN_MEMORY, fleet / 10)),
          ours.withJvmOptions("-XX:+UseSerialGC", "-XX:+UseSerialGC"),
          ours.withJvmOptions("-XX:+UseParallelGC", "-XX:+UseParallelGC"),
          ours.withJvmOptions("IPv4 alone", "-Djava.net.preferIPv4Stack=true"));
    }
  },
  /** The other cipher suites. */
  SUITES {
    @Override
    List<Contestant> contestants(int fleet) {
      return Stream.of(
              CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256,
              CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256,
              CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256)
          .flatMap(
              suite ->
                  PEERS.contestants(fleet).stream()
                      .filter(
                          contestant ->
                              contestant.server().peer() != Peer.OPENSSL
                                  && contestant.server().peer() != Peer.SCANDIUM)
                      .map(
                          contestant ->
                              renamed(contestant, " " + suite)
                                  .withServer(contestant.server().withSuite(suite))))
          .toList();
    }
  },
  /** Forward-secret handshakes, by elliptic curve; Bouncy Castle's server chooses its own. */
  FORWARD_SECRET {
    @Override
    List<Contestant> contestants(int fleet) {
      CipherSuite suite = CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256;
      Stream<Contestant> byCurve =
          oursAndLeshan(fleet)
              .flatMap(
                  contestant ->
                      Stream.of(SupportedGroup.X25519, SupportedGroup.secp256r1)
                          .map(curve -> onCurve(contestant, curve)));
      return Stream.concat(
              byCurve,
              PEERS.contestants(fleet).stream()
                  .filter(contestant -> contestant.server().peer() == Peer.BOUNCY_CASTLE))
          .map(contestant -> contestant.withServer(contestant.server().withSuite(suite)))
          .toList();
    }

    private Contestant onCurve(Contestant contestant, SupportedGroup curve) {
      return contestant.withJvmOptions(
          contestant.name() + " " + curve, "-D" + ScandiumEchoServer.CURVE + "=" + curve);
    }
  },
  /**
   * Whose cryptography Scandium uses: the JDK's, or Bouncy Castle's if it is present. On elliptic
   * curves, this library's connector does not leave it to Scandium.
   */
  PROVIDERS {
    @Override
    List<Contestant> contestants(int fleet) {
      return Stream.of(
              CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
              CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256)
          .flatMap(
              suite -> {
                Peer peer = suite.isEccBased() ? Peer.LWM2M_DTLS : Peer.LWM2M_CREDS;
                Contestant ours =
                    new Contestant(
                        suite + ", the JDK's",
                        ServerSpec.of(peer, IN_MEMORY, fleet / 10).withSuite(suite));
                return Stream.of(
                    ours,
                    ours.withJvmOptions(
                        suite + ", Bouncy Castle's", "-DCALIFORNIUM_JCE_PROVIDER=BC"));
              })
          .toList();
    }
  },
  /** One device after the other, and many at a time. */
  CONCURRENCY {
    @Override
    List<Contestant> contestants(int fleet) {
      return Stream.of(1, 16, 64)
          .flatMap(
              devices ->
                  oursAndLeshan(fleet)
                      .map(
                          contestant ->
                              renamed(contestant, " " + devices).withConcurrency(devices)))
          .toList();
    }
  },
  /** Abbreviated handshakes, and full ones with a connection id where the server gives one. */
  MODES {
    @Override
    List<Contestant> contestants(int fleet) {
      Stream<Contestant> abbreviated =
          oursAndLeshan(fleet)
              .map(c -> renamed(c, ", abbreviated").withMode(DeviceClient.Mode.ABBREVIATED));
      Stream<Contestant> connectionId = // a stock Leshan server gives none
          oursAndLeshan(fleet)
              .limit(1)
              .flatMap(
                  c ->
                      Stream.of(
                          renamed(c, ", full"),
                          renamed(c, ", full, with a connection id")
                              .withMode(DeviceClient.Mode.FULL_CONNECTION_ID)));
      return Stream.concat(abbreviated, connectionId).toList();
    }
  },
  /** A handshake and a registration at a whole Leshan server. */
  REGISTRATION {
    @Override
    List<Contestant> contestants(int fleet) {
      int registrations = fleet / 10;
      return List.of(
          new Contestant(
              "lwm2m-creds", ServerSpec.of(Peer.LWM2M_CREDS_SERVER, MIRROR, registrations)),
          new Contestant("Leshan", ServerSpec.of(Peer.LESHAN_SERVER, LESHAN, registrations)));
    }
  };

  /** Returns those that take part, with stores of this many devices. */
  abstract List<Contestant> contestants(int fleet);

  /** Returns the name as a command takes it, which is the name of the result file, too. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Stream<Contestant> oursAndLeshan(int fleet) {
    return PEERS.contestants(fleet).stream().limit(2);
  }

  private static Contestant renamed(Contestant contestant, String suffix) {
    return contestant.withJvmOptions(
        contestant.name() + suffix, contestant.jvmOptions().toArray(String[]::new));
  }
}
