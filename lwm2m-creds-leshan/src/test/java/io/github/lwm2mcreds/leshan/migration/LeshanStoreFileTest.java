// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import static io.github.lwm2mcreds.leshan.migration.Entries.all;
import static io.github.lwm2mcreds.leshan.migration.Entries.credential;
import static io.github.lwm2mcreds.leshan.migration.Entries.credentials;
import static io.github.lwm2mcreds.leshan.migration.Entries.key;
import static io.github.lwm2mcreds.leshan.migration.Entries.notTaken;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.KeyPolicy;
import java.io.ObjectStreamException;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.eclipse.leshan.core.oscore.OscoreSetting;
import org.eclipse.leshan.servers.security.FileSecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every file here was written by a Leshan's own {@code FileSecurityStore}. */
class LeshanStoreFileTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("security.data");
  }

  private List<SourceEntry> read() throws Exception {
    return all(LeshanStoreFile.open(file(), KeyPolicy.strict()));
  }

  private static PublicKey publicKey() throws Exception {
    return KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
  }

  private static PublicKey publicKeyOfBouncyCastle() throws Exception {
    return KeyPairGenerator.getInstance("EC", new BouncyCastleProvider())
        .generateKeyPair()
        .getPublic();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.3.1", "1.5.0", "2.0.0-M15"})
  void file_ofAnOlderLeshan_hasItsKeysAndNamesTheRest(String version) throws Exception {
    try (OlderLeshan leshan = OlderLeshan.of(version)) {
      List<Object> infos = new ArrayList<>();
      infos.add(leshan.psk("dev-1", "dev-1", key(1)));
      infos.add(leshan.psk("dev-2", "id é😀", key(2)));
      infos.add(leshan.psk("weak", "weak", new byte[16]));
      infos.add(leshan.psk("long", "long", new byte[65]));
      infos.add(leshan.psk("a\nb", "line", key(3)));
      infos.add(leshan.rawPublicKey("rpk", publicKey()));
      infos.add(leshan.x509("cert"));
      if (version.startsWith("2")) {
        infos.add(leshan.oscore("oscore"));
      }
      leshan.save(file(), infos.toArray());
    }

    List<SourceEntry> entries = read();

    assertThat(credentials(entries))
        .containsExactlyInAnyOrder(
            credential("dev-1", "dev-1", 1), credential("dev-2", "id é😀", 2));
    List<String> rest =
        new ArrayList<>(
            List.of(
                "weak WEAK_KEY",
                "long INVALID_VALUE",
                "- INVALID_VALUE",
                "rpk OTHER_MODE",
                "cert OTHER_MODE"));
    if (version.startsWith("2")) {
      rest.add("oscore OTHER_MODE");
    }
    assertThat(notTaken(entries)).containsExactlyInAnyOrderElementsOf(rest);
    assertThat(entries).extracting(SourceEntry::number).startsWith(1L, 2L).hasSize(2 + rest.size());
  }

  @Test
  void file_ofTheLeshanOnTheClassPath_hasItsKeysAndNamesTheRest() throws Exception {
    FileSecurityStore store = new FileSecurityStore(file().toString());
    store.add(SecurityInfo.newPreSharedKeyInfo("dev-1", "id-1", key(1)));
    store.add(SecurityInfo.newRawPublicKeyInfo("rpk", publicKey()));
    store.add(SecurityInfo.newRawPublicKeyInfo("bc", publicKeyOfBouncyCastle()));
    store.add(SecurityInfo.newX509CertInfo("cert"));
    store.add(
        SecurityInfo.newOscoreInfo(
            "oscore", new OscoreSetting(new byte[] {1}, new byte[] {2}, new byte[16])));
    store.add(SecurityInfo.newPreSharedKeyInfo("dev-2", "id-2", key(2)));

    List<SourceEntry> entries = read();

    assertThat(credentials(entries))
        .containsExactlyInAnyOrder(credential("dev-1", "id-1", 1), credential("dev-2", "id-2", 2));
    assertThat(notTaken(entries))
        .containsExactlyInAnyOrder(
            "rpk OTHER_MODE", "bc OTHER_MODE", "cert OTHER_MODE", "oscore OTHER_MODE");
  }

  /** Its API makes no such info, but a subclass of SecurityInfo may, and a file may hold it. */
  @Test
  void info_withTwoModes_isNotTaken() throws Exception {
    class Both extends SecurityInfo {
      private static final long serialVersionUID = 1L;

      Both() {
        super("both", "both", key(1), null, true, null);
      }

      private Object writeReplace() throws ObjectStreamException {
        try {
          var constructor = SecurityInfo.class.getDeclaredConstructors()[0];
          constructor.setAccessible(true);
          return constructor.newInstance("both", "both", key(1), null, true, null);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    new FileSecurityStore(file().toString()).add(new Both());

    assertThat(read())
        .singleElement()
        .isInstanceOfSatisfying(
            NotTaken.class,
            entry -> {
              assertThat(entry.reason()).isEqualTo(NotTaken.Reason.OTHER_MODE);
              assertThat(entry.message()).isEqualTo("it uses an X.509 certificate besides PSK");
            });
  }

  @Test
  void file_withoutInfos_isEmpty() throws Exception {
    FileSecurityStore store = new FileSecurityStore(file().toString());
    store.add(SecurityInfo.newX509CertInfo("cert"));
    store.remove("cert", true);

    assertThat(read()).isEmpty();
  }

  @Test
  void file_ofManyInfos_isReadWhole() throws Exception {
    FileSecurityStore store =
        new FileSecurityStore(file().toString()) {
          @Override
          protected void saveToFile() {
            if (getAll().size() == 20_000) {
              super.saveToFile();
            }
          }
        };
    for (int i = 0; i < 20_000; i++) {
      store.add(SecurityInfo.newPreSharedKeyInfo("dev-" + i, "dev-" + i, key(i)));
    }

    assertThat(credentials(read()))
        .hasSize(20_000)
        .contains(credential("dev-19999", "dev-19999", 19_999));
  }

  @Test
  void weakKey_thatThePolicyAllows_isTaken() throws Exception {
    new FileSecurityStore(file().toString())
        .add(SecurityInfo.newPreSharedKeyInfo("weak", "weak", new byte[16]));

    assertThat(credentials(all(LeshanStoreFile.open(file(), KeyPolicy.allowingAnyKey()))))
        .hasSize(1);
  }
}
