package io.github.lwm2mcreds.store;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
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
    PUT_ALL,
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
    ManagedModel model = new ManagedModel(clock);
    JdbcCredentialStore database = newDatabase(clock);
    List<RetiredCredential> told = new ArrayList<>();
    try (ManagedCredentialStore store = over(database, kind)) {
      store.addListener(told::add);
      for (Step step : steps) {
        told.clear();
        Object expected = resultOf(() -> model.change(() -> take(step, model, clock)));
        if (step.kind != Kind.WAIT) { // the clock is the same
          assertThat(resultOf(() -> take(step, store, database, clock))).isEqualTo(expected);
        }
        assertThat(told).as("%s", step).containsExactlyInAnyOrderElementsOf(model.told());
        assertAlike(store, model);
        assertAlike(database, model);
      }
      List<StoreFinding> findings = new ArrayList<>();
      database.check(findings::add, done -> {});
      assertThat(findings).isEmpty();
      assertAlike(store, model);
    }
  }

  /** What a change gives, or the class of what it throws. */
  private static Object resultOf(Supplier<Object> change) {
    try {
      return Optional.ofNullable(change.get());
    } catch (IllegalArgumentException e) {
      return e.getClass();
    }
  }

  private static Object take(Step step, ManagedModel model, TestClock clock) {
    DeviceCredential credential = step.credentials.get(0);
    return switch (step.kind) {
      case PUT -> model.put(credential, false);
      case PUT_ALL -> model.putAll(step.credentials);
      case REMOVE -> model.remove(step.endpoint);
      case REVOKE -> model.revoke(step.endpoint);
      case REINSTATE -> model.put(credential, true);
      case ROTATE -> model.rotate(credential, clock.instant().plusSeconds(60L * step.time));
      case CONFIRM -> model.confirm(PskIdentity.of(step.identity));
      case FINISH_DUE -> model.finishAllDue();
      case WAIT -> {
        clock.advance(Duration.ofMinutes(step.time));
        yield null;
      }
    };
  }

  private static Object take(
      Step step, ManagedCredentialStore store, JdbcCredentialStore database, TestClock clock) {
    DeviceCredential credential = step.credentials.get(0);
    return switch (step.kind) {
      case PUT -> store.put(credential);
      case PUT_ALL -> store.putAll(step.credentials);
      case REMOVE -> store.remove(step.endpoint);
      case REVOKE -> store.revoke(step.endpoint, "");
      case REINSTATE -> store.reinstate(credential);
      case ROTATE -> {
        store.rotate(credential, clock.instant().plusSeconds(60L * step.time));
        yield null;
      }
      case CONFIRM -> store.confirm(PskIdentity.of(step.identity));
      case FINISH_DUE -> {
        database.finishDueRotations();
        store.putAll(List.of()); // by which a mirror learns of it
        yield null;
      }
      case WAIT -> throw new AssertionError();
    };
  }

  private static void assertAlike(ManagedCredentialStore store, ManagedModel model) {
    assertThat(store.size()).isEqualTo(model.size());
    List<DeviceCredential> expected = new ArrayList<>();
    for (String endpoint : ENDPOINTS) {
      assertThat(store.findByEndpoint(endpoint)).isEqualTo(model.find(endpoint));
      model.find(endpoint).ifPresent(expected::add);
      assertThat(store.findRevocation(endpoint).isPresent())
          .isEqualTo(model.revocations().contains(endpoint));
    }
    for (String name : IDENTITIES) {
      PskIdentity identity = PskIdentity.of(name);
      Optional<DeviceCredential> found = model.find(identity);
      assertThat(store.findByPskIdentity(identity)).isEqualTo(found);
      assertThat(store.findPsk(identity)).isEqualTo(found.map(DeviceCredential::psk));
    }
    assertThat(store.stream().toList()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(store.rotations().toList()).containsExactlyInAnyOrderElementsOf(model.rotations());
    assertThat(store.revocations().map(ManagedModelTest::name).toList())
        .containsExactlyInAnyOrderElementsOf(model.revocations());
  }

  private static String name(Revocation revocation) {
    return revocation.pskIdentity().map(i -> "@" + i.asString()).orElse(revocation.endpoint());
  }
}
