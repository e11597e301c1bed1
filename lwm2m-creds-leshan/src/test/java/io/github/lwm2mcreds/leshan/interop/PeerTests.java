// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The columns of a peer: what comes out is what {@code INTEROP.md} says, holes included. */
abstract class PeerTests {
  private static final int TRIES = 3;

  private final Optional<PeerClient> client;
  private final Optional<PeerServer> server;

  PeerTests(PeerClient client) {
    this.client = Optional.of(client);
    this.server = Optional.empty();
  }

  PeerTests(PeerClient client, PeerServer server) {
    this.client = Optional.of(client);
    this.server = Optional.of(server);
  }

  @TestFactory
  Stream<DynamicTest> peerAsDevice_againstServe_isAsThePageSays() throws Exception {
    PeerClient peer = client.orElseThrow();
    peer.require();
    InteropMatrix.Column column = InteropClients.MATRIX.begin(peer.name(), peer.version());
    return Arrays.stream(InteropCase.values())
        .map(
            each ->
                dynamicTest(
                    each.label(), () -> column.add(each.label(), tried(() -> each.run(peer)))));
  }

  @TestFactory
  Stream<DynamicTest> peerAsServer_forDevice_isAsThePageSays() throws Exception {
    if (server.isEmpty()) {
      return Stream.of();
    }
    PeerServer peer = server.get();
    peer.require();
    InteropMatrix.Column column = InteropServers.MATRIX.begin(peer.name(), peer.version());
    return Arrays.stream(DeviceCase.values())
        .map(
            each ->
                dynamicTest(
                    each.label(), () -> column.add(each.label(), tried(() -> each.run(peer)))));
  }

  /** Some peers lose a datagram now and then, which says nothing of what they can do. */
  private static Outcome tried(Callable<Outcome> once) throws Exception {
    Outcome outcome = once.call();
    for (int more = 1; more < TRIES && outcome.kind() == Outcome.Kind.FAILS; more++) {
      outcome = once.call();
    }
    return outcome;
  }
}
