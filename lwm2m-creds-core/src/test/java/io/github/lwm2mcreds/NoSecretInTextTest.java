// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.derive.DeviceGroup;
import io.github.lwm2mcreds.derive.GroupKey;
import io.github.lwm2mcreds.derive.KeyDerivation;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FirmwareView;
import io.github.lwm2mcreds.partition.FlashImage;
import io.github.lwm2mcreds.partition.PartitionInspection;
import io.github.lwm2mcreds.partition.PartitionLocation;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.seal.KeyRing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Whatever is printed or thrown, the key is not in it: not whole, and no three bytes of it. */
class NoSecretInTextTest {
  private static final String TOKEN = "8f1e6c0ad2b94735a1c85e7f30d69b42";

  /** The text of a value, or of what is thrown instead of it, causes included. */
  private static String text(Callable<?> call) {
    StringBuilder all = new StringBuilder();
    try {
      all.append(call.call());
    } catch (Exception e) {
      for (Throwable t = e; t != null; t = t.getCause()) {
        all.append(t).append('\n');
      }
    }
    return all.toString();
  }

  private static void assertNoSecret(byte[] key, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String hex = HexFormat.of().formatHex(key);
    for (int i = 0; i + 6 <= hex.length(); i++) {
      assertThat(lower).doesNotContain(hex.substring(i, i + 6));
    }
    if (key.length >= 3) {
      assertThat(text)
          .doesNotContain(new String(key, ISO_8859_1))
          .doesNotContain(Base64.getEncoder().encodeToString(key))
          .doesNotContain(Arrays.toString(key));
    }
  }

  private static byte[] partition(String token) {
    return CredentialPartition.encodeUnchecked(
        "deadbeef".getBytes(US_ASCII), token.getBytes(US_ASCII));
  }

  @Test
  void toString_everyValueThatHoldsAKey_doesNotShowIt() throws Exception {
    byte[] key = HexFormat.of().parseHex(TOKEN);
    DeviceCredential credential = DeviceCredential.of("deadbeef", PreSharedKey.copyOf(key));
    byte[] image = partition(TOKEN);
    GroupKey groupKey = GroupKey.copyOf(1, key);
    InMemoryEngine engine = new InMemoryEngine();
    StoreEngine.Position beginning = engine.load(Optional.empty(), none -> {}).position();
    engine.put(credential);
    List<Object> sealed = new ArrayList<>();
    sealed.add(engine.load(Optional.empty(), sealed::add));
    for (Object value :
        List.of(
            sealed,
            engine,
            engine.changesAfter(beginning, beginning).orElseThrow(),
            engine.audit(0).toList(),
            engine.stream().toList(),
            new KeyRing.NewKey(1, key),
            new KeyRing.WrappedKeys(1, Map.of(1, key)),
            groupKey,
            DeviceGroup.of("%08x", KeyDerivation.hkdfSha256("test"), groupKey),
            credential,
            credential.psk(),
            credential.psk().checkValue(),
            KeyPolicy.weaknesses(credential.psk()),
            CredentialPartition.decode(image),
            FirmwareView.of(image),
            FirmwareView.of(image).psk(),
            PartitionInspection.of(image),
            PartitionInspection.of(image).findings())) {
      assertNoSecret(key, value.toString());
    }
  }

  @Property(tries = 200)
  void exceptions_ofKeysAndPolicies_doNotShowTheKey(
      @ForAll @Size(min = 3, max = 80) byte[] key, @ForAll @IntRange(max = 160) int at) {
    byte[] hex = HexFormat.of().formatHex(key).getBytes(US_ASCII);
    byte[] badHex = hex.clone();
    badHex[at % hex.length] = 'x';
    List<Callable<?>> calls = new ArrayList<>();
    calls.add(() -> PreSharedKey.copyOf(key));
    calls.add(() -> PreSharedKey.ofHex(hex));
    calls.add(() -> PreSharedKey.ofHex(badHex));
    calls.add(() -> PreSharedKey.ofHex(Arrays.copyOf(hex, hex.length - 1)));
    calls.add(
        () -> {
          PreSharedKey psk = PreSharedKey.copyOf(key);
          DeviceCredential credential = DeviceCredential.of("deadbeef", psk);
          DeviceProfile.DM_LWM2M.check(credential);
          return null;
        });
    calls.add(
        () -> {
          KeyPolicy.strict().check(DeviceCredential.of("deadbeef", PreSharedKey.copyOf(key)));
          return null;
        });
    calls.add(() -> DeviceCredential.of("", PreSharedKey.copyOf(key)));
    calls.forEach(call -> assertNoSecret(key, text(call)));
  }

  @Test
  void exceptions_ofDestroyedKeys_doNotShowThem() {
    byte[] key = HexFormat.of().parseHex(TOKEN);
    DeviceCredential credential = DeviceCredential.of("deadbeef", PreSharedKey.copyOf(key));
    credential.destroy();
    assertNoSecret(key, text(credential.psk()::exposeBytes));
    assertNoSecret(key, text(() -> CredentialPartition.encode(credential)));
    assertNoSecret(key, credential.toString());
  }

  @Property(tries = 300)
  void exceptions_ofDamagedPartitionsAndImages_doNotShowTheKey(
      @ForAll @IntRange(max = 65) int at, @ForAll byte value) {
    byte[] key = HexFormat.of().parseHex(TOKEN);
    byte[] image = partition(TOKEN);
    image[at] = value;
    PartitionLocation location = new PartitionLocation(0xffe0, 0x1000);
    byte[] hex = FlashImage.encode(FlashImage.Format.HEX, image, location);
    hex[hex.length * at / 66] = value;
    for (Callable<?> call :
        List.<Callable<?>>of(
            () -> CredentialPartition.decode(image),
            () -> CredentialPartition.decode(Arrays.copyOf(image, at)),
            () -> FirmwareView.of(image),
            () -> PartitionInspection.of(image).findings(),
            () -> FlashImage.decode(hex, location).length,
            () -> FlashImage.decode(hex).length,
            () -> FlashImage.decode(Arrays.copyOf(hex, 2 * at), location).length)) {
      String text = text(call);
      assertNoSecret(key, text);
      assertNoSecret(TOKEN.getBytes(US_ASCII), text); // the token, as its characters' codes
    }
  }
}
