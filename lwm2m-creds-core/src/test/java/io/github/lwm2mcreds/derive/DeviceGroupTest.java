// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static io.github.lwm2mcreds.derive.GroupKeys.bytes;
import static io.github.lwm2mcreds.derive.GroupKeys.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DeviceProfile;
import io.github.lwm2mcreds.PskIdentity;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceGroupTest {
  private static final KeyDerivation HKDF = KeyDerivation.hkdfSha256("test");

  private final DeviceGroup group = DeviceGroup.of("sensor-%08x", HKDF, key(1), key(2));

  @Test
  void credential_plainVersion_hasTheEndpointAsIdentity() {
    DeviceCredential credential = group.credential("sensor-0000beef", 1);

    assertThat(credential.endpoint()).isEqualTo("sensor-0000beef");
    assertThat(credential.pskIdentity()).isEqualTo(PskIdentity.of("sensor-0000beef"));
    assertThat(credential.psk()).isEqualTo(HKDF.derive(key(1), "sensor-0000beef"));
    DeviceProfile.DM_LWM2M.check(credential);
  }

  @Test
  void credential_newestVersion_isWhatTheFactoryGives() {
    DeviceCredential credential = group.credential("sensor-0000beef");

    assertThat(credential.pskIdentity()).isEqualTo(PskIdentity.of("sensor-0000beef~2"));
    assertThat(credential.psk()).isEqualTo(HKDF.derive(key(2), "sensor-0000beef"));
    assertThat(credential).isEqualTo(group.credential("sensor-0000beef", 2));
  }

  @Test
  void withPlainVersion_identities_changePlaces() {
    DeviceGroup later = group.withPlainVersion(2);

    assertThat(later.credential("sensor-0000beef").pskIdentity())
        .isEqualTo(PskIdentity.of("sensor-0000beef"));
    assertThat(later.credential("sensor-0000beef", 1).pskIdentity())
        .isEqualTo(PskIdentity.of("sensor-0000beef~1"));
    assertThat(later.find(PskIdentity.of("sensor-0000beef")).orElseThrow().psk())
        .isEqualTo(HKDF.derive(key(2), "sensor-0000beef"));
    assertThatThrownBy(() -> group.withPlainVersion(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void credential_endpointOfAnotherGroup_isRefused() {
    assertThatThrownBy(() -> group.credential("meter-0000beef"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'meter-0000beef' does not belong to the group sensor-%08x");
  }

  @Test
  void credential_versionTheGroupLacks_isRefused() {
    assertThatThrownBy(() -> group.credential("sensor-0000beef", 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no key of version 3");
    assertThatThrownBy(() -> DeviceGroup.of("sensor-%08x", HKDF).credential("sensor-0000beef"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no key of version");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sensor-0000beef~1", // the plain version has one spelling
        "sensor-0000beef~3",
        "sensor-0000beef~02",
        "sensor-0000beef~+2",
        "sensor-0000beef~2 ",
        "sensor-0000beef~",
        "sensor-0000beef~2~2",
        "sensor-0000beef~\u0662",
        "sensor-0000beef~4294967298",
        "sensor-0000beeF",
        "~2",
        "~",
      })
  void find_otherSpelling_findsNothing(String identity) {
    assertThat(group.find(PskIdentity.of(identity))).isEmpty();
    assertThat(group.endpointOf(PskIdentity.of(identity))).isEmpty();
  }

  @Test
  void find_identityThatIsNotUtf8_findsNothing() {
    DeviceGroup all = DeviceGroup.of("*", HKDF, key(1));

    assertThat(all.find(PskIdentity.ofBytes(new byte[] {'a', (byte) 0xff}))).isEmpty();
    assertThat(all.find(PskIdentity.ofBytes(new byte[] {0}))).isEmpty();
    assertThat(all.find(PskIdentity.of("a"))).isPresent();
  }

  @Test
  void find_endpointThatTheDerivationDoesNotTake_findsNothing() {
    DeviceGroup azure = DeviceGroup.of("sn-*", KeyDerivation.azureDps(), key(1));

    assertThat(azure.find(PskIdentity.of("sn-a"))).isPresent();
    assertThat(azure.find(PskIdentity.of("sn-A"))).isEmpty();
    assertThat(azure.contains("sn-A")).isFalse();
    assertThat(azure.identities("sn-A")).isEmpty();
  }

  @Test
  void mayOverlap_otherGroup_isAsThePatternsShow() {
    assertThat(group.mayOverlap(DeviceGroup.of("sensor-*", HKDF))).isTrue();
    assertThat(group.mayOverlap(DeviceGroup.of("meter-*", HKDF))).isFalse();
  }

  /** Every identity is one credential's; every pair of endpoint and version has its own. */
  @Property(tries = 300)
  void find_anyIdentity_findsTheCredentialThatHasIt(
      @ForAll("identities") String text, @ForAll @IntRange(min = 1, max = 3) int plainVersion) {
    DeviceGroup all = DeviceGroup.of("*", HKDF, key(1), key(2), key(9999));
    DeviceGroup either = all.withPlainVersion(plainVersion);
    PskIdentity identity = PskIdentity.of(text);

    either
        .find(identity)
        .ifPresent(
            found -> {
              assertThat(found.pskIdentity()).isEqualTo(identity);
              assertThat(either.endpointOf(identity)).contains(found.endpoint());
              assertThat(either.identities(found.endpoint())).contains(identity);
              assertThat(either.versions())
                  .filteredOn(v -> either.credential(found.endpoint(), v).equals(found))
                  .hasSize(1);
            });
    assertThat(either.endpointOf(identity).isPresent())
        .isEqualTo(either.find(identity).isPresent());
  }

  @Provide
  Arbitrary<String> identities() {
    return Arbitraries.strings().withChars("ab~~1239").ofMinLength(1).ofMaxLength(7);
  }

  @Property(tries = 100)
  void credential_otherEndpointOrVersion_hasOtherKeyAndIdentity(
      @ForAll @Size(value = 2) List<@IntRange(max = 3) Integer> numbers,
      @ForAll @Size(value = 2) List<@IntRange(min = 1, max = 2) Integer> versions) {
    DeviceCredential one = credential(numbers.get(0), versions.get(0));
    DeviceCredential two = credential(numbers.get(1), versions.get(1));

    boolean same = numbers.get(0).equals(numbers.get(1)) && versions.get(0).equals(versions.get(1));
    assertThat(one.equals(two)).isEqualTo(same);
    assertThat(one.psk().equals(two.psk())).isEqualTo(same);
    assertThat(one.pskIdentity().equals(two.pskIdentity())).isEqualTo(same);
  }

  private DeviceCredential credential(int number, int version) {
    return group.credential(String.format("sensor-%08x", number), version);
  }

  @Test
  void credential_longestEndpointAndVersion_fitsIntoAnIdentity() {
    DeviceGroup all = DeviceGroup.of("*", HKDF, key(9999));

    assertThat(all.credential("e".repeat(123)).pskIdentity().toBytes()).hasSize(128);
    assertThat(all.contains("e".repeat(124))).isFalse();
  }

  @Test
  void withKey_versionOrBytesThatAreThere_isRefused() {
    assertThatThrownBy(() -> group.withKey(GroupKey.copyOf(2, bytes(7))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("already has a key of version 2");
    assertThatThrownBy(() -> group.withKey(GroupKey.copyOf(3, bytes(2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("versions 2 and 3 of the group key have the same bytes");
  }

  @Test
  void withoutVersion_identitiesOfIt_areNotFound() {
    DeviceGroup later = group.withoutVersion(1);

    assertThat(later.versions()).containsExactly(2);
    assertThat(later.find(PskIdentity.of("sensor-0000beef"))).isEmpty();
    assertThat(later.identities("sensor-0000beef"))
        .containsExactly(PskIdentity.of("sensor-0000beef~2"));
    assertThat(group.versions()).containsExactly(1, 2);
  }

  @Test
  void find_groupKeyDestroyed_findsNothing() {
    GroupKey key = key(3);
    DeviceGroup more = group.withKey(key);
    key.destroy();

    assertThat(more.find(PskIdentity.of("sensor-0000beef~3"))).isEmpty();
    assertThat(more.endpointOf(PskIdentity.of("sensor-0000beef~3"))).isEmpty();
    assertThat(more.identities("sensor-0000beef")).hasSize(2);
    assertThatThrownBy(() -> more.credential("sensor-0000beef"))
        .isInstanceOf(IllegalStateException.class);
  }

  /** As when another thread destroys it just now. */
  @Test
  void find_groupKeyDestroyedWhileDeriving_findsNothing() {
    GroupKey key = key(1);
    KeyDerivation destroying =
        (groupKey, endpoint) -> {
          groupKey.destroy();
          return HKDF.derive(groupKey, endpoint);
        };

    assertThat(DeviceGroup.of("*", destroying, key).find(PskIdentity.of("a"))).isEmpty();
  }

  @Test
  void find_derivationFails_throws() {
    KeyDerivation failing =
        (groupKey, endpoint) -> {
          throw new IllegalStateException("HSM");
        };

    assertThatThrownBy(() -> DeviceGroup.of("*", failing, key(1)).find(PskIdentity.of("a")))
        .hasMessage("HSM");
  }

  @Test
  void toString_group_showsSettingsOnly() {
    assertThat(group)
        .hasToString("DeviceGroup[sensor-%08x, HKDF-SHA256 'test' 16 bytes, versions=[1, 2]]");
  }
}
