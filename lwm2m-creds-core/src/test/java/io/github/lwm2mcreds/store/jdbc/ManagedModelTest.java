// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.listed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;

/** Whatever is done to a store in whatever order, it is in the end what the documentation says. */
class ManagedModelTest {
  private static final List<String> ENDPOINTS = List.of("a", "b", "c");
  private static final List<String> IDENTITIES = List.of("a", "b", "c", "x", "y", "z");

  private final SqliteStores stores = new SqliteStores();

  @AfterTry
  void closeStores() {
    stores.close();
  }

  JdbcCredentialStore newDatabase(TestClock clock) {
    return stores.describe(stores.newFile()).clock(clock).create();
  }

  ManagedCredentialStore over(JdbcCredentialStore database, ManagedStores kind) {
    return kind.over(database);
  }

  enum Kind {
    PUT,
    ADD,
    PUT_ALL,
    ADD_ALL,
    REMOVE,
    REVOKE,
    REINSTATE,
    ROTATE,
    CONFIRM,
    WAIT,
    FINISH_DUE
  }

  /** One change; it uses as many of the others as it needs. */
  record Step(
      Kind kind, List<DeviceCredential> credentials, String endpoint, String identity, int time) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.of(Kind.values())),
            Tuple.of(1, Arbitraries.of(Kind.ROTATE, Kind.REINSTATE, Kind.WAIT)));
    Arbitrary<String> endpoints = Arbitraries.of(ENDPOINTS);
    Arbitrary<String> identities = Arbitraries.of(IDENTITIES);
    Arbitrary<DeviceCredential> credentials =
        Combinators.combine(endpoints, identities, Arbitraries.integers().between(1, 3))
            .as((endpoint, identity, key) -> credential(endpoint, identity, key));
    return Combinators.combine(
            kinds,
            credentials.list().ofMinSize(1).ofMaxSize(5),
            endpoints,
            identities,
            Arbitraries.integers().between(1, 3))
        .as(Step::new)
        .list();
  }

  @Property(tries = 80)
  void store_anySteps_isLikeTheModelAfterEach(
      @ForAll ManagedStores kind, @ForAll("steps") @Size(min = 20, max = 60) List<Step> steps) {
    TestClock clock = new TestClock();
    InMemoryEngine model = new InMemoryEngine(KeyPolicy.strict(), clock);
    JdbcCredentialStore database = newDatabase(clock);
    List<RetiredCredential> told = new ArrayList<>();
    List<RetiredCredential> expectedTold = new ArrayList<>();
    model.addListener(expectedTold::add);
    try (ManagedCredentialStore store = over(database, kind)) {
      store.addListener(told::add);
      for (Step step : steps) {
        told.clear();
        expectedTold.clear();
        if (step.kind == Kind.WAIT) {
          clock.advance(Duration.ofMinutes(step.time)); // it is the same for both
        } else {
          Object expected = resultOf(() -> take(step, model, model, clock));
          assertThat(resultOf(() -> take(step, store, database, clock))).isEqualTo(expected);
        }
        assertThat(told).as("%s", step).containsExactlyInAnyOrderElementsOf(expectedTold);
        assertAlike(store, model);
        assertAlike(database, model);
      }
      List<StoreFinding> findings = new ArrayList<>();
      database.check(findings::add, done -> {});
      assertThat(findings).isEmpty();
      assertAlike(store, model);
    }
  }

  /** What a change returns, or the class of what it throws. */
  private static Object resultOf(Supplier<Object> change) {
    try {
      return Optional.ofNullable(change.get());
    } catch (IllegalArgumentException e) {
      return e.getClass();
    }
  }

  private static Object take(
      Step step, ManagedCredentialStore store, StoreEngine behind, TestClock clock) {
    DeviceCredential credential = step.credentials.get(0);
    return switch (step.kind) {
      case PUT -> store.put(credential);
      case ADD -> store.add(credential);
      case PUT_ALL -> store.putAll(step.credentials);
      case ADD_ALL -> store.addAll(step.credentials);
      case REMOVE -> store.remove(step.endpoint);
      case REVOKE -> store.revoke(step.endpoint, "");
      case REINSTATE -> store.reinstate(credential);
      case ROTATE -> {
        store.rotate(credential, clock.instant().plusSeconds(60L * step.time));
        yield null;
      }
      case CONFIRM -> store.confirm(PskIdentity.of(step.identity));
      case FINISH_DUE -> {
        behind.finishDueRotations();
        store.putAll(List.of()); // by which a mirror learns of it
        yield null;
      }
      case WAIT -> throw new AssertionError();
    };
  }

  private static void assertAlike(ManagedCredentialStore store, ManagedCredentialStore model) {
    assertThat(store.size()).isEqualTo(model.size());
    assertThat(listed(store)).isEqualTo(listed(model));
    for (String endpoint : ENDPOINTS) {
      assertThat(store.findByEndpoint(endpoint)).isEqualTo(model.findByEndpoint(endpoint));
      assertThat(store.findPskIdentity(endpoint)).isEqualTo(model.findPskIdentity(endpoint));
      assertThat(store.findRotation(endpoint)).isEqualTo(model.findRotation(endpoint));
      assertThat(store.findRevocation(endpoint)).isEqualTo(model.findRevocation(endpoint));
    }
    for (String name : IDENTITIES) {
      PskIdentity identity = PskIdentity.of(name);
      assertThat(store.findByPskIdentity(identity)).isEqualTo(model.findByPskIdentity(identity));
      assertThat(store.findPsk(identity)).isEqualTo(model.findPsk(identity));
      assertThat(store.findEndpoint(identity)).isEqualTo(model.findEndpoint(identity));
    }
    assertThat(store.rotations().toList()).isEqualTo(model.rotations().toList());
    assertThat(store.revocations().toList()).isEqualTo(model.revocations().toList());
  }
}
