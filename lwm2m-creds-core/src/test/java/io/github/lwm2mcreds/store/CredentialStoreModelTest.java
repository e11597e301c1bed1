// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;

/** Every {@link CredentialStore} behaves as a plain map of credentials by endpoint would. */
class CredentialStoreModelTest {
  /** Endpoints and identities share names, so that one is often the other of somebody else. */
  private static final List<String> NAMES =
      List.of("a", "b", "c", "d", "a-longer-name", "e".repeat(128));

  private Stores.Factory stores;

  @AfterTry
  void closeStores() {
    if (stores != null) {
      stores.close();
    }
  }

  /** What to do to an endpoint: put a credential in, or remove it if there is no identity. */
  record Step(String endpoint, Optional<String> identity, int key) {
    DeviceCredential credential() {
      return TestCredentials.credential(endpoint, identity.orElseThrow(), key);
    }
  }

  private static Arbitrary<Step> steps() {
    Arbitrary<String> names = Arbitraries.of(NAMES);
    Arbitrary<Integer> keys = Arbitraries.integers().between(1, 3);
    return Arbitraries.frequencyOf(
        Tuple.of(1, names.map(endpoint -> new Step(endpoint, Optional.empty(), 0))),
        Tuple.of(
            3,
            Combinators.combine(names, keys)
                .as((endpoint, key) -> new Step(endpoint, Optional.of(endpoint), key))),
        Tuple.of(
            5,
            Combinators.combine(names, names, keys)
                .as((endpoint, identity, key) -> new Step(endpoint, Optional.of(identity), key))));
  }

  /** Checked after each step, so that a failure shows the step that broke it. */
  @Property(tries = 1_000)
  void store_fewSteps_isLikeAMapAfterEach(
      @ForAll Stores kind, @ForAll("listOfSteps") @Size(max = 40) List<Step> steps) {
    Run run = new Run(kind);
    for (Step step : steps) {
      run.take(step);
      run.check();
    }
  }

  /** Long enough for a table to be rehashed, more than once, for what was removed from it. */
  @Property(tries = 120)
  void store_manySteps_isLikeAMapInTheEnd(
      @ForAll Stores kind, @ForAll("listOfSteps") @Size(min = 500, max = 2_000) List<Step> steps) {
    Run run = new Run(kind);
    steps.forEach(run::take);
    run.check();
  }

  @Provide
  Arbitrary<List<Step>> listOfSteps() {
    return steps().list();
  }

  private final class Run {
    private final CredentialStore store;
    private final Map<String, DeviceCredential> model = new HashMap<>();
    private final List<RetiredCredential> told = new ArrayList<>();

    Run(Stores kind) {
      stores = new Stores.Factory(kind);
      store = stores.newStore(KeyPolicy.strict());
      store.addListener(told::add);
    }

    void take(Step step) {
      told.clear();
      if (step.identity().isEmpty()) {
        Optional<DeviceCredential> previous = Optional.ofNullable(model.remove(step.endpoint()));
        assertThat(store.remove(step.endpoint())).isEqualTo(previous.isPresent());
        assertTold(previous, Cause.REMOVED);
      } else if (isTaken(step)) {
        assertThatThrownBy(() -> store.put(step.credential()))
            .isInstanceOf(DuplicatePskIdentityException.class);
        assertThat(told).isEmpty();
      } else {
        DeviceCredential credential = step.credential();
        Optional<DeviceCredential> previous =
            Optional.ofNullable(model.put(step.endpoint(), credential));
        assertThat(store.put(credential)).isEqualTo(outcome(previous, credential));
        assertTold(previous.filter(p -> !p.equals(credential)), Cause.REPLACED);
      }
    }

    private PutOutcome outcome(Optional<DeviceCredential> previous, DeviceCredential credential) {
      return previous.isEmpty()
          ? PutOutcome.ADDED
          : previous.get().equals(credential) ? PutOutcome.UNCHANGED : PutOutcome.REPLACED;
    }

    private void assertTold(Optional<DeviceCredential> retired, Cause cause) {
      assertThat(told)
          .isEqualTo(
              retired.stream()
                  .map(c -> new RetiredCredential(c.endpoint(), c.pskIdentity(), cause))
                  .toList());
    }

    private boolean isTaken(Step step) {
      PskIdentity identity = PskIdentity.of(step.identity().orElseThrow());
      return model.values().stream()
          .anyMatch(
              other ->
                  other.pskIdentity().equals(identity)
                      && !other.endpoint().equals(step.endpoint()));
    }

    void check() {
      assertThat(store.size()).isEqualTo(model.size());
      try (Stream<CredentialSummary> all = store.stream()) {
        assertThat(all.toList())
            .containsExactlyElementsOf(
                new TreeMap<>(model).values().stream().map(TestCredentials::summary).toList());
      }
      for (String name : NAMES) {
        PskIdentity identity = PskIdentity.of(name);
        Optional<DeviceCredential> owner =
            model.values().stream().filter(c -> c.pskIdentity().equals(identity)).findAny();
        assertThat(store.findByEndpoint(name)).isEqualTo(Optional.ofNullable(model.get(name)));
        assertThat(store.findByPskIdentity(identity)).isEqualTo(owner);
        assertThat(store.findPsk(identity)).isEqualTo(owner.map(DeviceCredential::psk));
      }
    }
  }
}
