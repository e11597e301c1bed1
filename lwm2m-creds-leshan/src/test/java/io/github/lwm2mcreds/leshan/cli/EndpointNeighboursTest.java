// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints that are mistyped, and those that look like another. */
class EndpointNeighboursTest {
  private static final String NFC = "caf\u00e9-1";
  private static final String NFD = "cafe\u0301-1";

  private final CredentialStore store = new InMemoryCredentialStore();

  private void add(String... endpoints) {
    for (String endpoint : endpoints) {
      store.add(DeviceCredential.of(endpoint, CredentialGenerator.builder().build().nextKey()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sensr-1, sensor-1",
    "sensor--1, sensor-1",
    "senosr-1, sensor-1",
    "xensor-1, sensor-1",
    "Sensor-1, sensor-1",
    "SENSOR-1, sensor-1",
    "'sensor-1 ', sensor-1",
    "sensor\u200b-1, sensor-1",
    "xenser-1, sensor-1",
    "sensor-7, sensor-1",
    "quite-another, ''",
    "x, ''",
  })
  void mistypedName_findsTheOneThatWasMeant(String typed, String meant) {
    add("sensor-1", "quux", "y");

    String guess = EndpointNeighbours.of(store, typed);

    assertThat(guess).isEqualTo(meant.isEmpty() ? "" : "; did you mean '" + meant + "'?");
  }

  @Test
  void namesThatLookTheSame_areToldApartInTheGuess() {
    add(NFD, "unit-1 ");

    assertThat(EndpointNeighbours.of(store, NFC)).isEqualTo("; did you mean 'cafe\\u0301-1'?");
    assertThat(EndpointNeighbours.of(store, "unit-1")).isEqualTo("; did you mean 'unit-1\\u0020'?");
  }

  /** Of a store of any size, what is one slip away is found without reading through it. */
  @Test
  void oneSlip_isFoundByTheIndexAlone() {
    add("sensor-000f4240");
    AtomicBoolean isRead = new AtomicBoolean();

    String guess =
        EndpointNeighbours.of(
            withStream(
                () -> {
                  isRead.set(true);
                  return Stream.empty();
                }),
            "sensor-00f4240");

    assertThat(guess).isEqualTo("; did you mean 'sensor-000f4240'?");
    assertThat(isRead).isFalse();
  }

  @Test
  void storeWithoutEnd_isReadForABoundedTime() {
    Optional<CredentialSummary> other = store(NFC).stream().findFirst();

    assertThat(
            EndpointNeighbours.of(
                withStream(() -> Stream.generate(other::orElseThrow)), "nothing-like-it"))
        .isEmpty();
  }

  private CredentialStore store(String endpoint) {
    add(endpoint);
    return store;
  }

  private interface Listing {
    Stream<CredentialSummary> get();
  }

  private CredentialStore withStream(Listing listing) {
    return (CredentialStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {CredentialStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("stream")) {
                return listing.get();
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "remove", "revoke", "rotate"})
  void command_ofAMistypedEndpoint_namesTheNeighbour(String command, @TempDir Path folder) {
    TestStore files = TestStore.init(folder);
    files.add("sensor-1", TestStore.TOKEN);

    Cli run = files.run(command, "sensr-1");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).singleElement().asString().contains("did you mean 'sensor-1'?");
    assertThat(files.run("list").out()).startsWith("sensor-1 ");
  }

  @Test
  void audit_ofAMistypedEndpoint_warns(@TempDir Path folder) {
    TestStore files = TestStore.init(folder);
    files.add("sensor-1", TestStore.TOKEN);

    Cli run = files.run("audit", "--endpoint", "sensr-1");

    assertThat(run.code()).isZero();
    assertThat(run.err()).startsWith("warning: ").contains("did you mean 'sensor-1'?");
    assertThat(files.run("audit", "--endpoint", "sensor-1").err()).isEmpty();
  }

  @Test
  void lists_tellLookAlikesApart(@TempDir Path folder) {
    TestStore files = TestStore.init(folder);
    for (String endpoint : new String[] {NFC, NFD, "a", "a ", "a\u200b", "a\u00a0b"}) {
      assertThat(files.run("add", "--endpoint", endpoint).code()).isZero();
    }

    assertThat(files.run("list").out().lines().map(line -> line.replaceAll(" {2,}", "  ")))
        .satisfiesExactly(
            line -> assertThat(line).matches("a  [0-9a-f]{8}"),
            line -> assertThat(line).matches("a\\\\u0020  [0-9a-f]{8}  looks like 'a'"),
            line -> assertThat(line).matches("a\\\\u00a0b  [0-9a-f]{8}  looks like 'a b'"),
            line -> assertThat(line).matches("a\\\\u200b  [0-9a-f]{8}  looks like 'a'"),
            line ->
                assertThat(line).matches("cafe\\\\u0301-1  [0-9a-f]{8}  looks like '" + NFC + "'"),
            line -> assertThat(line).matches(NFC + "  [0-9a-f]{8}"));
    assertThat(files.run("show", "a ").out()).startsWith("a\\u0020").contains("looks like   'a'");
    files.run("revoke", "a ");
    assertThat(files.run("list", "--revoked").out()).contains("looks like 'a'");
  }
}
