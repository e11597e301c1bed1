// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static io.github.lwm2mcreds.leshan.RunningServer.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.core.peer.SocketIdentity;
import org.eclipse.leshan.core.peer.X509Identity;
import org.eclipse.leshan.server.registration.Registration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registrations that a server finds when it starts are compared with the credentials. */
class RegistrationSweepTest {
  private final CredentialGenerator generator = CredentialGenerator.counting("device-%08x", 0);
  private final OutlivingRegistrations registrations = new OutlivingRegistrations();
  private final Store store = new Store();
  private final Devices devices = new Devices();
  private RunningServer server;

  /** May be out of reach for sweeps, or keep them waiting. */
  private static final class Store extends InMemoryEngine {
    final AtomicInteger failures = new AtomicInteger();
    volatile Instant upToDateAt = Instant.MAX;

    @Override
    public Instant upToDateAt() {
      return upToDateAt;
    }

    volatile CountDownLatch hold = new CountDownLatch(0);

    @Override
    public Optional<Revocation> findRevocation(String endpoint) {
      if (Thread.currentThread().getName().equals("lwm2m-creds registration sweep")) {
        awaitRelease();
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          throw new CredentialStoreException(Reason.UNAVAILABLE, "out of reach");
        }
      }
      return super.findRevocation(endpoint);
    }

    private void awaitRelease() {
      try {
        assertThat(hold.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void missChanges() {
      listening.forEach(CredentialStoreListener::changesMissed);
    }
  }

  @AfterEach
  void stop() {
    devices.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void registration_whoseCredentialIsTakenAwayWhileTheServerIsDown_ends(boolean revoke)
      throws Exception {
    DeviceCredential gone = generator.next();
    DeviceCredential good = generator.next();
    start();
    Registration phantom = register(gone);
    register(good);
    server.close();

    if (revoke) {
      store.revoke(gone.endpoint(), "stolen");
    } else {
      store.remove(gone.endpoint());
    }
    start();

    assertThat(next(server.endedRegistrations).getId()).isEqualTo(phantom.getId());
    assertThat(registrations.all().getAllRegistrations())
        .toIterable()
        .extracting(Registration::getEndpoint)
        .containsExactly(good.endpoint());
    assertThat(server.sweepFailures).isEmpty();
  }

  @Test
  void registration_withAnIdentityThatIsNoLongerTheEndpoints_ends() throws Exception {
    DeviceCredential old = generator.next();
    start();
    register(old);
    server.close();

    store.put(DeviceCredential.of(old.endpoint(), PskIdentity.of("another"), generator.nextKey()));
    start();

    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo(old.endpoint());
  }

  @Test
  void registrations_inOtherModes_endIfTheirEndpointIsRevoked() throws Exception {
    found("revoked-1", new X509Identity("revoked-1"));
    found("revoked-2", new SocketIdentity(new InetSocketAddress("localhost", 2)));
    found("good-1", new X509Identity("good-1"));
    found("good-2", new SocketIdentity(new InetSocketAddress("localhost", 4)));
    store.revoke("revoked-1", "");
    store.revoke("revoked-2", "");

    start();

    next(server.endedRegistrations);
    next(server.endedRegistrations);
    found("last", TestInfos.peer("last"));
    server.terminator.sweep(); // begins when the first one has ended
    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("last");
    assertThat(registrations.all().getAllRegistrations())
        .toIterable()
        .extracting(Registration::getEndpoint)
        .containsExactlyInAnyOrder("good-1", "good-2");
  }

  @Test
  void registration_thatARunningServerHas_endsWhenATerminatorIsAttached() throws Exception {
    start();
    server.terminator.close();
    found("phantom", TestInfos.peer("phantom"));

    RegistrationTerminator.attach(server.server, store);

    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("phantom");
  }

  @Test
  void registration_thatCameAfterTheStoreWasLastKnown_staysUntilItIsKnown() throws Exception {
    start();
    store.upToDateAt = Instant.now().minusSeconds(60); // as a mirror whose database is away
    found("of-another-server", TestInfos.peer("of-another-server"));

    server.terminator.sweep();

    assertThat(next(server.sweepFailures)).hasMessageContaining("of-another-server");
    assertThat(server.endedRegistrations).isEmpty();
    store.upToDateAt = Instant.MAX;
    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("of-another-server");
  }

  /** They are no failures of the store, so they keep nobody behind them waiting. */
  @Test
  void registrations_thatCannotBeDecidedYet_keepNoneThatCan() throws Exception {
    start();
    store.upToDateAt = Instant.now().minusSeconds(60);
    store.revoke("revoked", "");
    found("revoked", TestInfos.peer("revoked"));
    int undecided = 0;
    while (undecided < 5 || !isBehindThreeOthers("revoked")) {
      undecided++;
      found("new-" + undecided, TestInfos.peer("new-" + undecided));
    }

    server.terminator.sweep();

    assertThat(next(server.sweepFailures)).hasMessageContaining("new-");
    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("revoked");
    assertThat(registrations.all().getAllRegistrations()).toIterable().hasSize(undecided);
  }

  private boolean isBehindThreeOthers(String endpoint) {
    List<String> all = new ArrayList<>();
    registrations.all().getAllRegistrations().forEachRemaining(r -> all.add(r.getEndpoint()));
    return all.indexOf(endpoint) >= 3;
  }

  @Test
  void registration_ofARevokedEndpoint_endsHoweverOldThatIs() throws Exception {
    start();
    store.upToDateAt = Instant.now().minusSeconds(60);
    store.revoke("stolen", "");
    found("stolen", TestInfos.peer("stolen"));

    server.terminator.sweep();

    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("stolen");
  }

  @Test
  void registration_afterChangesWereMissed_ends() throws Exception {
    start();
    found("phantom", TestInfos.peer("phantom"));

    store.missChanges();

    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("phantom");
  }

  @Test
  void sweep_onDemand_endsWhatIsOver() throws Exception {
    start();
    found("phantom", TestInfos.peer("phantom"));

    server.terminator.sweep();

    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("phantom");
  }

  @Test
  void sweep_isMadeNowAndThen() throws Exception {
    start();
    server.terminator.close();
    RegistrationTerminator.attach(
        server.server, store, server.sweepFailures::add, Duration.ofMillis(1));

    for (String endpoint : List.of("phantom-1", "phantom-2", "phantom-3")) {
      found(endpoint, TestInfos.peer(endpoint));

      assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo(endpoint);
    }
  }

  @Test
  void sweep_whileTheStoreIsOutOfReach_endsNothingAndIsRepeated() throws Exception {
    found("phantom", TestInfos.peer("phantom"));
    store.put(DeviceCredential.of("good", generator.nextKey()));
    found("good", TestInfos.peer("good"));
    store.failures.set(2);

    start();

    assertThat(next(server.sweepFailures)).hasMessage("out of reach");
    assertThat(next(server.endedRegistrations).getEndpoint()).isEqualTo("phantom");
    assertThat(registrations.all().getRegistrationByEndpoint("good")).isNotNull();
    assertThat(server.sweepFailures).isEmpty();
  }

  @Test
  void sweep_ofManyRegistrations_keepsNobodyWaiting() throws Exception {
    int many = 100_000;
    for (int i = 0; i < many; i++) {
      found("phantom-" + i, TestInfos.peer("phantom-" + i));
    }
    store.hold = new CountDownLatch(1);
    start();

    register(generator.next());
    assertThat(server.endedRegistrations).isEmpty();
    store.hold.countDown();

    await().atMost(Duration.ofMinutes(1)).until(() -> server.endedRegistrations.size() == many);
    assertThat(registrations.all().getAllRegistrations()).toIterable().hasSize(1);
  }

  @Test
  void server_thatIsDestroyed_takesTheTerminatorWithIt() throws Exception {
    start();

    server.close();

    assertThat(store.listening).isEmpty();
    found("phantom", TestInfos.peer("phantom"));
    server.terminator.sweep();
    store.revoke("phantom", "");
    assertThat(registrations.all().getRegistrationByEndpoint("phantom")).isNotNull();
  }

  private void start() {
    server = new RunningServer(new LeshanSecurityStore(store), registrations.connect());
  }

  private Registration register(DeviceCredential credential) throws InterruptedException {
    store.put(credential);
    devices.start(credential, server.uri());
    return next(server.registrations);
  }

  /** Adds a registration that another server has left. */
  private void found(String endpoint, LwM2mIdentity identity) {
    registrations.all().addRegistration(OutlivingRegistrations.registration(endpoint, identity));
  }
}
