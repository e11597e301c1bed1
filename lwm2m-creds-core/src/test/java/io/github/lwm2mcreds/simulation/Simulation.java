// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.simulation;

import static io.github.lwm2mcreds.store.TestCredentials.listed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.Sessions;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.HistoryHash;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.TestClock;
import io.github.lwm2mcreds.store.TestCredentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/** One history, made of a seed. */
final class Simulation {
  private static final List<String> ENDPOINTS = List.of("a", "b", "c", "d".repeat(200));
  private static final int SERVERS = 3;
  private static final int KEYS = 4;
  private static final int STEPS = 60;

  private final Random random;
  private final TestClock clock = new TestClock();
  private final List<TestClock> clocks = new ArrayList<>(List.of(clock));
  private final InMemoryEngine database = new InMemoryEngine(KeyPolicy.strict(), clock);
  private final Histories histories = new Histories(database);
  private final List<SimulatedFaults> connections = new ArrayList<>();
  private final List<SimulatedServer> servers = new ArrayList<>();
  private final InMemoryEngine client;

  /** What puts the database back to an earlier state. */
  private final List<Runnable> backups = new ArrayList<>();

  /** The endpoint of each identity that a device may use. */
  private final Map<PskIdentity, String> identities = new HashMap<>();

  /** Where the history was whenever a change was acknowledged. */
  private final Set<HistoryHash> acknowledged = new HashSet<>();

  /** Changes that the database has lost at some time. */
  private final Set<HistoryHash> lost = new HashSet<>();

  /** Where mirrors were when that was lost. */
  private final Map<SimulatedServer, Set<HistoryHash>> lostUnder = new HashMap<>();

  /**
   * Makes a fleet.
   *
   * @param view what mirrors see of an engine
   */
  Simulation(long seed, UnaryOperator<StoreEngine> view) {
    random = new Random(seed);
    backups.add(database.backup());
    client = new InMemoryEngine(database, connection());
    for (int i = 0; i < SERVERS; i++) {
      TestClock skewed = new TestClock();
      skewed.advance(Duration.ofSeconds(random.nextInt(60)));
      clocks.add(skewed);
      servers.add(
          new SimulatedServer(
              view.apply(
                  new InMemoryEngine(database, connection(), skewed)
                      .withPagesOf(1 + random.nextInt(4)))));
    }
    for (String endpoint : ENDPOINTS) {
      for (String suffix : List.of("", ".2", ".3")) {
        identities.put(PskIdentity.of(name(endpoint) + suffix), endpoint);
      }
    }
    connections.forEach(connection -> connection.trouble(true));
  }

  private SimulatedFaults connection() {
    SimulatedFaults connection = new SimulatedFaults(random, this::meanwhile);
    connections.add(connection);
    return connection;
  }

  /** Lives through the history, and then finds out whether all is as it should be. */
  void run() {
    for (int step = 0; step < STEPS; step++) {
      step();
    }
    calmDown();
    servers.forEach(this::assertEqualsStore);
    servers.forEach(this::assertNothingRetiredLives);
    assertLossesAreReported();
  }

  private void step() {
    SimulatedServer server = servers.get(random.nextInt(SERVERS));
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> change(client);
      case 3 -> change(server.store());
      case 4, 5 -> server.begin(device());
      case 6 -> server.finish(identities);
      case 7, 8 -> server.round();
      case 9 -> connections.get(random.nextInt(connections.size())).toggle();
      case 10 -> clocks.forEach(each -> each.advance(Duration.ofSeconds(random.nextInt(40))));
      default -> meanwhile();
    }
    if (random.nextInt(3) > 0) { // a wake-up that is not dropped, perhaps repeated
      servers.stream().limit(random.nextInt(SERVERS + 1)).forEach(SimulatedServer::round);
    }
  }

  /** What the database and its other clients do, also while somebody waits for an answer. */
  private void meanwhile() {
    histories.remember();
    switch (random.nextInt(6)) {
      case 0 -> backups.add(database.backup());
      case 1, 2 -> lose(backups.get(random.nextInt(backups.size())));
      default -> change(database);
    }
  }

  /** Puts the database back, as a fail-over to a replica that is behind or a restored file does. */
  private void lose(Runnable backup) {
    Set<HistoryHash> before = histories.present();
    backup.run();
    before.removeAll(histories.present());
    lost.addAll(before);
    for (SimulatedServer server : servers) {
      if (before.contains(server.position().hash())) {
        lostUnder.computeIfAbsent(server, none -> new HashSet<>()).add(server.position().hash());
      }
    }
  }

  private DeviceCredential device() {
    String endpoint = ENDPOINTS.get(random.nextInt(ENDPOINTS.size()));
    String identity = name(endpoint) + List.of("", "", ".2", ".3").get(random.nextInt(4));
    return TestCredentials.credential(endpoint, identity, random.nextInt(KEYS));
  }

  /** One endpoint has a name that is too long for an identity. */
  private static String name(String endpoint) {
    return endpoint.substring(0, 1);
  }

  private void change(ManagedCredentialStore store) {
    DeviceCredential device = device();
    String endpoint = device.endpoint();
    try {
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> store.put(device);
        case 3 -> store.revoke(endpoint, "");
        case 4 -> store.remove(endpoint);
        case 5 -> store.reinstate(device);
        case 6 -> store.rotate(device, clock.instant().plusSeconds(1L + random.nextInt(90)));
        case 7 -> store.confirm(device.pskIdentity());
        default -> reseal();
      }
      acknowledged.add(histories.end());
    } catch (IllegalArgumentException e) {
      // refused, and rightly so
    } catch (CredentialStoreException e) {
      // not acknowledged: it may have been made, or not
    }
    histories.remember();
  }

  private void reseal() {
    client.reseal();
  }

  /** No more faults; every deadline passes, and every server looks a few times. */
  private void calmDown() {
    connections.forEach(connection -> connection.trouble(false));
    histories.remember();
    clocks.forEach(each -> each.advance(Duration.ofDays(1)));
    for (int i = 0; i < 3; i++) {
      servers.forEach(SimulatedServer::round);
    }
    servers.forEach(server -> server.finish(identities));
  }

  private void assertEqualsStore(SimulatedServer server) {
    ManagedCredentialStore mirror = server.store();
    assertThat(listed(mirror)).isEqualTo(listed(database));
    for (String endpoint : ENDPOINTS) {
      assertThat(mirror.findRevocation(endpoint)).isEqualTo(database.findRevocation(endpoint));
      assertThat(mirror.findRotation(endpoint)).isEqualTo(database.findRotation(endpoint));
    }
    for (PskIdentity identity : identities.keySet()) {
      assertThat(mirror.findPsk(identity)).isEqualTo(database.findPsk(identity));
      assertThat(mirror.findEndpoint(identity)).isEqualTo(database.findEndpoint(identity));
    }
  }

  private void assertNothingRetiredLives(SimulatedServer server) {
    assertThat(server.sessions)
        .as("sessions of retired credentials")
        .noneMatch(session -> Sessions.isRetired(session, database));
    assertThat(server.registrations.keySet())
        .as("registrations of retired credentials")
        .allMatch(
            endpoint ->
                database.hasCredential(endpoint) && database.findRevocation(endpoint).isEmpty());
  }

  private void assertLossesAreReported() {
    Set<HistoryHash> present = histories.present();
    assertThat(acknowledged)
        .as("acknowledged changes that are missing, and that no fault took away")
        .allMatch(hash -> present.contains(hash) || lost.contains(hash) || isBeginning(hash));
    lostUnder.forEach(
        (server, positions) ->
            assertThat(positions)
                .as("losses that a server has not reported")
                .allMatch(hash -> present.contains(hash) || server.hasReported(hash, histories)));
  }

  private boolean isBeginning(HistoryHash hash) {
    return histories.isBeginning(hash);
  }
}
