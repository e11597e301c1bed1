// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static io.github.lwm2mcreds.store.TestCredentials.keyBytes;
import static io.github.lwm2mcreds.store.TestCredentials.listed;
import static io.github.lwm2mcreds.store.TestCredentials.summary;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link CredentialStore} finds, streams and removes, and that it keeps copies. */
@ParameterizedClass
@EnumSource(Stores.class)
class CredentialStoreTest {
  private final Stores.Factory stores;
  private CredentialStore store;

  CredentialStoreTest(Stores kind) {
    stores = new Stores.Factory(kind);
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @BeforeEach
  void makeStore() {
    store = stores.newStore(KeyPolicy.strict());
  }

  @Test
  void find_emptyStore_findsNothing() {
    assertThat(store.findByEndpoint("a")).isEmpty();
    assertThat(store.findByPskIdentity(PskIdentity.of("a"))).isEmpty();
    assertThat(store.findPsk(PskIdentity.of("a"))).isEmpty();
    assertThat(store.findEndpoint(PskIdentity.of("a"))).isEmpty();
    assertThat(store.findPskIdentity("a")).isEmpty();
    assertThat(store.hasCredential("a")).isFalse();
    assertThat(store.size()).isZero();
    assertThat(listed(store)).isEmpty();
  }

  @Test
  void find_identityIsEndpoint_findsByBoth() {
    store.put(credential("a", 1));

    assertThat(store.findByEndpoint("a")).contains(credential("a", 1));
    assertThat(store.findByPskIdentity(PskIdentity.of("a"))).contains(credential("a", 1));
    assertThat(store.findPsk(PskIdentity.of("a"))).contains(key(1));
  }

  @Test
  void find_identityIsNotEndpoint_findsEachByItsOwnOnly() {
    store.put(credential("a", "i", 1));

    assertThat(store.findByEndpoint("a")).contains(credential("a", "i", 1));
    assertThat(store.findByPskIdentity(PskIdentity.of("i"))).contains(credential("a", "i", 1));
    assertThat(store.findPsk(PskIdentity.of("i"))).contains(key(1));
    assertThat(store.findEndpoint(PskIdentity.of("i"))).contains("a");
    assertThat(store.findPskIdentity("a")).contains(PskIdentity.of("i"));
    assertThat(store.hasCredential("a")).isTrue();
    assertThat(store.findEndpoint(PskIdentity.of("a"))).isEmpty();
    assertThat(store.hasCredential("i")).isFalse();
    assertThat(store.findByEndpoint("i")).isEmpty();
    assertThat(store.findByPskIdentity(PskIdentity.of("a"))).isEmpty();
    assertThat(store.findPsk(PskIdentity.of("a"))).isEmpty();
  }

  @Test
  void find_otherCase_findsNothing() {
    store.put(credential("dead", "beef", 1));

    assertThat(store.findByEndpoint("Dead")).isEmpty();
    assertThat(store.findPsk(PskIdentity.of("Beef"))).isEmpty();
  }

  @Test
  void find_identitiesThatAreNotUtf8_comparesBytes() {
    store.put(DeviceCredential.of("a", identity(0xff), key(1)));
    store.put(DeviceCredential.of("b", identity(0xfe), key(2)));

    assertThat(store.findPsk(identity(0xff))).contains(key(1));
    assertThat(store.findPsk(identity(0xfe))).contains(key(2));
    assertThat(store.findPsk(identity(0xfd))).isEmpty();
    assertThat(store.findPsk(PskIdentity.of("\ufffd"))).isEmpty();
    assertThat(store.findByPskIdentity(identity(0xfe)).orElseThrow().pskIdentity())
        .isEqualTo(identity(0xfe));
  }

  private static PskIdentity identity(int... bytes) {
    byte[] array = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      array[i] = (byte) bytes[i];
    }
    return PskIdentity.ofBytes(array);
  }

  /** A lone surrogate has no UTF-8 form, and Java would put a question mark in its place. */
  @Test
  void find_endpointThatIsNotText_isNotTakenForAnother() {
    store.put(credential("a?", 1));

    assertThat(store.findByEndpoint("a\ud800")).isEmpty();
    assertThat(store.remove("a\ud800")).isFalse();
    assertThat(store.findByEndpoint("a?")).isPresent();
  }

  @Test
  void find_longestOfAll_findsThem() {
    String endpoint = "é".repeat(DeviceCredential.MAX_ENDPOINT_LENGTH / 2);
    PskIdentity identity = PskIdentity.of("i".repeat(PskIdentity.MAX_LENGTH));
    byte[] longKey = keyBytes(0, 1, PreSharedKey.MAX_LENGTH);
    store.put(DeviceCredential.of(endpoint, identity, PreSharedKey.copyOf(longKey)));

    DeviceCredential expected =
        DeviceCredential.of(endpoint, identity, PreSharedKey.copyOf(longKey));
    assertThat(store.findByEndpoint(endpoint)).contains(expected);
    assertThat(store.findByPskIdentity(identity)).contains(expected);
    assertThat(store.findByEndpoint(endpoint + endpoint)).isEmpty();
  }

  @Test
  void find_shortestOfAll_findsThem() {
    store = stores.newStore(KeyPolicy.allowingAnyKey());
    store.put(DeviceCredential.of("a", PreSharedKey.copyOf(new byte[1])));

    assertThat(store.findPsk(PskIdentity.of("a"))).contains(PreSharedKey.copyOf(new byte[1]));
  }

  @Test
  void put_thenDestroyed_keepsItsOwnCopy() {
    DeviceCredential own = credential("a", 1);
    store.put(own);
    own.destroy();

    assertThat(store.findByEndpoint("a")).contains(credential("a", 1));
  }

  @Test
  void put_credential_isNotDestroyed() {
    DeviceCredential own = credential("a", 1);
    store.put(own);
    store.put(own);

    assertThat(own.isDestroyed()).isFalse();
  }

  @Test
  void find_thenDestroyed_keepsItsOwnCopy() {
    store.put(credential("a", 1));
    store.findByEndpoint("a").orElseThrow().destroy();
    store.findByPskIdentity(PskIdentity.of("a")).orElseThrow().destroy();
    store.findPsk(PskIdentity.of("a")).orElseThrow().destroy();

    assertThat(store.findByEndpoint("a")).contains(credential("a", 1));
  }

  @Test
  void remove_endpointWithCredential_takesItAway() {
    store.put(credential("a", "i", 1));
    store.put(credential("b", 2));

    assertThat(store.remove("a")).isTrue();

    assertThat(listed(store)).containsExactly(summary(credential("b", 2)));
    assertThat(store.findByEndpoint("a")).isEmpty();
    assertThat(store.findPsk(PskIdentity.of("i"))).isEmpty();
    assertThat(store.size()).isOne();
  }

  @Test
  void remove_unknownEndpoint_changesNothing() {
    store.put(credential("a", "i", 1));

    assertThat(store.remove("i")).isFalse();
    assertThat(store.size()).isOne();
  }

  @Test
  void stream_changesMeanwhile_doNotFailIt() {
    for (int n = 0; n < 100; n++) {
      store.put(credential("device-" + n, n));
    }
    List<String> seen;
    try (Stream<CredentialSummary> all = store.stream()) {
      seen =
          all.map(CredentialSummary::endpoint)
              .peek(endpoint -> store.put(credential(endpoint, "new-" + endpoint, 1000)))
              .toList();
    }

    assertThat(seen).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void toString_credentials_areNotShown() {
    store.put(credential("secret-endpoint", 1));

    assertThat(store.toString())
        .startsWith(store.getClass().getSimpleName() + "[")
        .doesNotContain("secret-endpoint");
  }

  @Test
  void stream_credentials_isInTheOrderOfTheirEndpointsUtf8Bytes() {
    // By UTF-16 units a surrogate pair would come before U+FFFF, by bytes it comes behind.
    List<String> inOrder = List.of("A", "a", "a-", "a-b", "aa", "b", "é", "\uffee", "😀");
    for (String endpoint : List.of("😀", "b", "a-b", "\uffee", "a", "aa", "é", "a-", "A")) {
      String identity = "i" + (99 - inOrder.indexOf(endpoint)); // these run the other way
      store.put(credential(endpoint, identity, 1));
    }

    assertThat(listed(store)).extracting(CredentialSummary::endpoint).isEqualTo(inOrder);
  }

  @Test
  void stream_credentials_haveIdentityAndCheckValue() {
    store.put(credential("a", "i", 1));

    assertThat(listed(store)).containsExactly(summary(credential("a", "i", 1)));
  }

  @Test
  void takenEndpoints_areThoseWithACredential_andGeneratorsCountOnBehindThem() {
    assertThat(store.takenEndpoints()).isEmpty();
    store.put(credential("unit-7", "i", 1));
    store.put(credential("unit-3", 2));
    store.put(credential("other-9", 3));

    try (Stream<String> taken = store.takenEndpoints()) {
      assertThat(taken).containsExactlyInAnyOrder("unit-7", "unit-3", "other-9");
    }
    CredentialGenerator generator =
        CredentialGenerator.continuing("unit-%d", store.takenEndpoints());
    assertThat(store.put(generator.next())).isEqualTo(PutOutcome.ADDED);
    assertThat(store.hasCredential("unit-8")).isTrue();
  }
}
