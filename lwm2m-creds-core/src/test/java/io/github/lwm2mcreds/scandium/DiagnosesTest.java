// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.Diagnosis.Mistake;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.PskLookup;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class DiagnosesTest {
  private static final Predicate<byte[]> NO_KEY = key -> false;

  private final InMemoryEngine store = new InMemoryEngine();

  private static Predicate<byte[]> deviceWith(byte[] key) {
    return tried -> Arrays.equals(tried, key);
  }

  private static Predicate<byte[]> deviceWith(int key) {
    return deviceWith(key(key).exposeBytes());
  }

  private static Optional<Diagnosis> ofWrongKey(
      PskLookup store, String identity, Predicate<byte[]> device) {
    return new Diagnoses(store).ofWrongKey(PskIdentity.of(identity), device);
  }

  private Optional<Diagnosis> ofUnknown(String identity, Predicate<byte[]> device) {
    return new Diagnoses(store).ofUnknownIdentity(PskIdentity.of(identity), device);
  }

  private void rotate() {
    store.put(credential("sensor", "sensor", 1));
    store.rotate(credential("sensor", "sensor.2", 2), Instant.now().plus(Duration.ofHours(1)));
  }

  @Test
  void ofWrongKey_rotation_findsTheKeyOfEachForTheOther() {
    rotate();

    assertThat(ofWrongKey(store, "sensor.2", deviceWith(1)))
        .contains(new Diagnosis(Mistake.OTHER_KEY_OF_ROTATION, "'sensor'"));
    assertThat(ofWrongKey(store, "sensor", deviceWith(2)))
        .contains(new Diagnosis(Mistake.OTHER_KEY_OF_ROTATION, "'sensor.2'"));
  }

  @Test
  void ofWrongKey_neighbourWithAnotherIdentity_isFoundByItsEndpoint() {
    store.put(credential("lot-10", "a", 1));
    store.put(credential("lot-9", "b\n", 2));

    assertThat(ofWrongKey(store, "a", deviceWith(2)))
        .contains(new Diagnosis(Mistake.KEY_OF_OTHER_DEVICE, "'b\\u000a'"));
  }

  @Test
  void ofWrongKey_storeThatFindsIdentitiesOnly_findsNeighbours() {
    SilentStore lookup = new SilentStore();
    lookup.inner.put(credential("lot-10", "lot-10", 1));
    lookup.inner.put(credential("lot-11", "lot-11", 2));

    assertThat(ofWrongKey(lookup, "lot-10", deviceWith(2)))
        .contains(new Diagnosis(Mistake.KEY_OF_OTHER_DEVICE, "'lot-11'"));
  }

  @Test
  void ofWrongKey_neighbourWhoseKeyDoesNotOpen_isPassedOver() {
    SilentStore lookup = new SilentStore();
    lookup.inner.put(credential("lot-10", "lot-10", 1));
    lookup.inner.put(credential("lot-12", "lot-12", 2));
    lookup.failures.put(
        PskIdentity.of("lot-11"), new CredentialStoreException(Reason.WRONG_KEY, "sealed"));

    assertThat(ofWrongKey(lookup, "lot-10", deviceWith(2)))
        .contains(new Diagnosis(Mistake.KEY_OF_OTHER_DEVICE, "'lot-12'"));
  }

  @Test
  void ofWrongKey_rightKeyMeanwhile_isNoMistake() {
    store.put(credential("sensor", "sensor", 1));

    assertThat(ofWrongKey(store, "sensor", deviceWith(1))).isEmpty();
  }

  @Test
  void ofUnknownIdentity_likeAKnownOne_tellsWhoseKeyItIs() {
    store.put(credential("sensor-1", "sensor-1", 1));

    assertThat(ofUnknown("Sensor-1", deviceWith(1)))
        .contains(new Diagnosis(Mistake.IDENTITY_IN_OTHER_CASE, "'sensor-1', whose key it has"));
    assertThat(ofUnknown("Sensor-1", NO_KEY))
        .contains(new Diagnosis(Mistake.IDENTITY_IN_OTHER_CASE, "'sensor-1'"));
  }

  @Test
  void ofUnknownIdentity_keyIsWrongInTheSameWay_tellsBoth() {
    store.put(credential("sensor-1", "sensor-1", 1));
    byte[] hex = HexDigits.encode(key(1).exposeBytes());

    assertThat(ofUnknown("sensor-1\0", deviceWith(hex)).map(Diagnosis::text))
        .contains(
            "the device seems to mean 'sensor-1' and to use the key's hex digits as text"
                + " (look for blanks, line ends, NULs or quotes in the identity)");
  }

  @Test
  void ofUnknownIdentity_endpointWithAnotherIdentity_namesThat() {
    rotate();
    store.confirm(PskIdentity.of("sensor.2"));

    assertThat(ofUnknown("sensor", deviceWith(2)).map(Diagnosis::text))
        .contains(
            "the device seems to use its endpoint as its identity, which is 'sensor.2',"
                + " whose key it has");
  }

  @Test
  void ofUnknownIdentity_revokedEndpoint_saysSo() {
    store.put(credential("sensor", "sensor", 1));
    store.revoke("sensor", "stolen");

    assertThat(ofUnknown("sensor", deviceWith(1)).map(Diagnosis::text))
        .contains("the device seems to use a credential that was revoked");
  }

  @Test
  void ofUnknownIdentity_stranger_isEmpty() {
    store.put(credential("sensor-1", "sensor-1", 1));

    assertThat(ofUnknown("other", deviceWith(1))).isEmpty();
    assertThat(
            new Diagnoses(new InMemoryCredentialStore())
                .ofUnknownIdentity(PskIdentity.ofBytes(new byte[] {(byte) 0xff}), NO_KEY))
        .isEmpty();
  }
}
