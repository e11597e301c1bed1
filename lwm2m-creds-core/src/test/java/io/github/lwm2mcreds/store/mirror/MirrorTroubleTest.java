// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A mirror whose database or listener fails, or whose store is put back, does its best. */
@ParameterizedClass
@EnumSource(Engines.class)
class MirrorTroubleTest extends MirrorFixture {
  MirrorTroubleTest(Engines engine) {
    super(engine);
  }

  @Test
  void listener_throwing_keepsNobodyFromFollowing() {
    mirror.addListener(
        retired -> {
          throw new IllegalStateException("a listener that fails");
        });
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
    try {
      other.remove("a");
      eventually(() -> assertThat(uncaught).hasSize(1));
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }

    other.put(credential("b", 2));
    eventually(() -> assertThat(mirror.findByEndpoint("b")).isPresent());
  }

  @Test
  void follow_databaseOutOfReach_goesOnFromMemoryAndCatchesUp() {
    faults.failAfter(0);
    eventually(() -> assertThat(observed).containsExactly("lost: UNAVAILABLE"));
    other.put(credential("b", 2));

    assertThat(mirror.findPsk(I)).contains(key(1));
    assertThat(mirror.findByEndpoint("b")).isEmpty();
    faults.recover();

    eventually(() -> assertThat(mirror.findByEndpoint("b")).isPresent());
    eventually(() -> assertThat(observed).containsExactly("lost: UNAVAILABLE", "resumed"));
  }

  @Test
  void follow_databaseLostHalfWay_tellsEverythingOnce() {
    List<DeviceCredential> devices =
        IntStream.range(0, 3_000).mapToObj(n -> credential("d-" + n, n)).toList();
    other.putAll(devices);
    eventually(() -> assertThat(mirror.size()).isEqualTo(3_001));
    faults.failAfter(0);
    eventually(() -> assertThat(observed).contains("lost: UNAVAILABLE"));
    other.putAll(devices.stream().map(d -> credential(d.endpoint(), 9_999)).toList());

    faults.failAfter(accessesForAPage()); // a part of the changes, and not the rest
    eventually(() -> assertThat(mirror.findByEndpoint("d-0")).contains(credential("d-0", 9_999)));
    faults.recover();

    assertThat(toldByNow()).hasSize(3_000).doesNotHaveDuplicates();
    assertThat(mirror.findByEndpoint("d-2999")).contains(credential("d-2999", 9_999));
  }

  /** A database is asked whether there is anything before it is asked for all of one moment. */
  private int accessesForAPage() {
    return other instanceof JdbcCredentialStore ? 2 : 1;
  }

  /** As of a replica, or a file in a folder that may not be written. */
  private static StoreEngine readOnly(StoreEngine engine) {
    return (StoreEngine)
        Proxy.newProxyInstance(
            StoreEngine.class.getClassLoader(),
            new Class<?>[] {StoreEngine.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("finishDueRotations")) {
                throw new CredentialStoreException(Reason.READ_ONLY, "read only");
              }
              try {
                return method.invoke(engine, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void follow_readOnlyStoreWithARotationThatIsDue_goesOn() {
    MirroredCredentialStore reader = mirror(readOnly(shared.open(faults)));
    mirror.close();
    other.rotate(credential("a", "next", 2), clock.instant().plusSeconds(60));
    eventually(() -> assertThat(reader.findPsk(PskIdentity.of("next"))).isPresent());

    clock.advance(Duration.ofMinutes(1));
    other.put(credential("b", 2));

    eventually(() -> assertThat(reader.findByEndpoint("b")).isPresent());
    assertThat(reader.findByEndpoint("a")).contains(credential("a", "next", 2));
  }

  @Test
  void follow_storePutBackToAnOlderState_reloadsAndTells() {
    other.rotate(credential("a", "next", 2), Instant.parse("2999-01-01T00:00:00Z"));
    Runnable restore = shared.backup();
    other.put(credential("kept", 3));
    other.put(credential("a", "i", 4));
    other.rotate(credential("a", "later", 5), Instant.parse("2999-01-01T00:00:00Z"));
    eventually(() -> assertThat(mirror.findPsk(PskIdentity.of("later"))).isPresent());
    told.clear();

    restore.run();

    catchUp();
    assertThat(mirror.findByEndpoint("kept")).isEmpty();
    assertThat(mirror.findPsk(I)).contains(key(1));
    assertThat(mirror.findPsk(PskIdentity.of("next"))).contains(key(2));
    eventually(
        () ->
            assertThat(told)
                .containsExactlyInAnyOrder(
                    new RetiredCredential("kept", PskIdentity.of("kept"), Cause.REMOVED),
                    new RetiredCredential("a", I, Cause.REPLACED),
                    new RetiredCredential("a", PskIdentity.of("later"), Cause.REPLACED)));
  }

  @Test
  void follow_storePutBackAndChangedToTheSameNumber_isNoticed() {
    Runnable restore = shared.backup();
    other.revoke("a", "lost with the fork");
    other.put(credential("lost", 3));
    catchUp();
    faults.hold(); // the mirror does not look while the history forks

    restore.run();
    other.put(credential("b", 4));
    other.put(credential("c", 5));
    other.put(credential("d", 6)); // beyond the number that the mirror is at
    faults.release();

    catchUp();
    assertThat(mirror.findByEndpoint("d")).isPresent();
    assertThat(mirror.findByEndpoint("lost")).isEmpty();
    assertThat(mirror.findPsk(I)).as("good in this history").contains(key(1));
    assertThat(mirror.findRevocation("a")).isEmpty();
    assertThat(mirror.stream().toList()).isEqualTo(other.stream().toList());
    eventually(() -> assertThat(missed).hasPositiveValue());
    assertThat(observed).containsExactly("history changed: 3 to 4");
    assertThat(told).contains(new RetiredCredential("lost", PskIdentity.of("lost"), Cause.REMOVED));
  }

  @Test
  void follow_storePutBackAndRevokedAtTheSameNumber_refusesTheRevoked() {
    Runnable restore = shared.backup();
    other.put(credential("b", 3));
    catchUp();
    faults.hold();

    restore.run();
    other.revoke("a", "at the number of b");
    faults.release();

    catchUp();
    assertThat(mirror.findRevocation("a")).isPresent();
    assertThat(mirror.findPsk(I)).isEmpty();
    assertThat(mirror.findByEndpoint("b")).isEmpty();
    eventually(
        () ->
            assertThat(told)
                .containsExactlyInAnyOrder(
                    new RetiredCredential("a", I, Cause.REVOKED),
                    new RetiredCredential("b", PskIdentity.of("b"), Cause.REMOVED)));
  }

  @Test
  void close_mirror_endsItsThread() {
    List<Thread> before = mirrorThreads();

    mirror.close();

    eventually(() -> assertThat(mirrorThreads()).hasSize(before.size() - 1));
  }

  @Test
  void close_mirror_authorisesNobodyAnyMore() {
    mirror.close();

    assertThatThrownBy(() -> mirror.findEndpoint(I)).hasMessageContaining("closed");
    assertThatThrownBy(() -> mirror.hasCredential("a")).hasMessageContaining("closed");
  }

  private static List<Thread> mirrorThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("lwm2m-creds-mirror"))
        .toList();
  }
}
