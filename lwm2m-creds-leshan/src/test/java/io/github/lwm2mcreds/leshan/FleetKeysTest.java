// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.FleetFinding.Severity;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetKeysTest {
  private final Random random = new Random(303645); // a known fleet in each run
  @TempDir Path folder;
  private JdbcCredentialStore store;

  @BeforeEach
  void create() {
    store =
        JdbcCredentialStore.sqlite(folder.resolve("fleet.db"))
            .keyPolicy(KeyPolicy.allowingAnyKey())
            .create();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private byte[] random() {
    byte[] key = new byte[16];
    random.nextBytes(key);
    return key;
  }

  private void put(String endpoint, byte[] key) {
    store.put(DeviceCredential.of(endpoint, PreSharedKey.copyOf(key)));
  }

  private void putRandom(int count) {
    store.putAll(
        java.util.stream.IntStream.range(0, count)
            .mapToObj(i -> DeviceCredential.of("r" + i, PreSharedKey.copyOf(random())))
            .toList());
  }

  private FleetReport examine() {
    return FleetKeys.examine(store, done -> {});
  }

  private List<String> codes() {
    return examine().findings().stream().map(FleetFinding::code).toList();
  }

  private List<String> endpointsOf(String code) {
    return examine().findings().stream()
        .filter(finding -> finding.code().equals(code))
        .flatMap(finding -> finding.endpoints().stream())
        .toList();
  }

  @Test
  void examine_randomKeys_findsNothing() {
    putRandom(2000);
    FleetReport report = examine();
    assertThat(report.findings()).isEmpty();
    assertThat(report.credentials()).isEqualTo(2000);
    assertThat(report.bytes()).isEqualTo(32000);
    assertThat(report.chiSquare()).isBetween(150.0, 380.0);
    assertThat(report.position().number()).isEqualTo(2000);
    assertThat(report.neverRenewed()).isEqualTo(2000);
  }

  @Test
  void examine_emptyStore_findsNothing() {
    assertThat(examine().findings()).isEmpty();
    assertThat(examine().oldestKey()).isEmpty();
  }

  @Test
  void examine_sharedKey_namesAllThatShareIt() {
    byte[] shared = random();
    put("b", shared);
    put("a", shared);
    put("c", random());
    put("d", shared);
    FleetReport report = examine();
    assertThat(endpointsOf("SHARED_KEY")).containsExactly("a", "b", "d");
    assertThat(report.findings().get(0).severity()).isEqualTo(Severity.SERIOUS);
    assertThat(report.toString()).doesNotContain(HexFormat.of().formatHex(shared));
  }

  @ParameterizedTest
  @CsvSource({"15, true", "0, false"})
  void examine_keysThatCountFromDeviceToDevice_areNamed(int lowest, boolean carries) {
    byte[] key = random();
    key[lowest] = (byte) (carries ? 0xff : 7);
    byte[] next = key.clone();
    next[lowest]++;
    if (carries) {
      next[lowest - 1]++;
    }
    put("one", key);
    put("two", next);
    put("other", random());
    assertThat(codes()).containsExactly("COUNTING_KEYS");
    assertThat(endpointsOf("COUNTING_KEYS")).containsExactly("one", "two");
  }

  @Test
  void examine_keysFromTheEndpointsName_areNamed() throws Exception {
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest("sensor-1".getBytes(UTF_8));
    put("sensor-1", Arrays.copyOf(sha256, 16));
    put("padded-name", Arrays.copyOf("padded-name".getBytes(UTF_8), 16));
    put(
        "urn:imei:123456789012345",
        MessageDigest.getInstance("MD5").digest("123456789012345".getBytes(UTF_8)));
    put("mac:0011aabbccddeeff", HexFormat.of().parseHex("0011aabbccddeeff0011aabbccddeeff"));
    put("fine", random());
    assertThat(endpointsOf("DERIVED_FROM_ENDPOINT"))
        .containsExactly(
            "mac:0011aabbccddeeff", "padded-name", "sensor-1", "urn:imei:123456789012345");
  }

  @Test
  void examine_weakKeys_areNamedByTheirWeakness() {
    put("default", HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f"));
    put("short", Arrays.copyOf(random(), 8));
    put("text", "correct horse 12".getBytes(UTF_8));
    put("few", HexFormat.of().parseHex("01020101030201020302010103020301"));
    assertThat(endpointsOf("BUILT_IN_KEY")).containsExactly("default");
    assertThat(endpointsOf("TOO_SHORT")).containsExactly("short");
    assertThat(endpointsOf("TEXT_INSTEAD_OF_BYTES")).containsExactly("text");
    assertThat(endpointsOf("FEW_BYTE_VALUES")).containsExactly("few");
  }

  @Test
  void examine_byteThatIsAlwaysTheSame_isFoundFromTenKeysOn() {
    for (int i = 0; i < 10; i++) {
      byte[] key = random();
      key[3] = 42;
      assertThat(codes()).isEmpty();
      put("d" + i, key);
    }
    assertThat(examine().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo("CONSTANT_BYTES");
              assertThat(finding.problem()).endsWith("at [3]");
            });
  }

  /** As of a generator that never gives the highest bit, or only half of all values. */
  @Test
  void examine_bytesOfSevenBits_areUneven() {
    for (int i = 0; i < 100; i++) {
      byte[] key = random();
      for (int at = 0; at < key.length; at++) {
        key[at] &= 0x7f;
      }
      put("d" + i, key);
    }
    assertThat(codes()).containsExactly("UNEVEN_BITS", "UNEVEN_BYTES");
  }

  /** As many ones as zeros, so that only the values tell. */
  @Test
  void examine_bytesOfFewValuesWithEvenBits_areUneven() {
    for (int i = 0; i < 100; i++) {
      byte[] key = random();
      for (int at = 0; at < key.length; at++) {
        int low = key[at] & 0x0f;
        key[at] = (byte) (low | (~low & 0x0f) << 4);
      }
      put("d" + i, key);
    }
    assertThat(codes()).contains("UNEVEN_BYTES").doesNotContain("UNEVEN_BITS");
  }

  @Test
  void examine_rotatedAndReplacedKeys_areRenewed() {
    put("old", random());
    put("replaced", random());
    put("rotated", random());
    put("gone", random());
    put("replaced", random());
    store.rotate(
        DeviceCredential.of("rotated", PskIdentity.of("rotated-2"), PreSharedKey.copyOf(random())),
        Instant.now().plusSeconds(3600));
    store.confirm(PskIdentity.of("rotated-2"));
    store.revoke("gone", "stolen");
    FleetReport report = examine();
    assertThat(report.neverRenewed()).isEqualTo(1);
    assertThat(report.oldestKey()).contains(store.audit(0).findFirst().orElseThrow().time());
    assertThat(report.credentials()).isEqualTo(3);
  }
}
