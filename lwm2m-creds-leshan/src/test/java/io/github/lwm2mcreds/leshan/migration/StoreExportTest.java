// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import static io.github.lwm2mcreds.leshan.migration.Entries.credential;
import static io.github.lwm2mcreds.leshan.migration.Entries.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.manifest.ManifestEntry;
import io.github.lwm2mcreds.manifest.ManifestFormat;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestRow;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.californium.scandium.dtls.pskstore.MultiPskFileStore;
import org.eclipse.leshan.servers.security.FileSecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every file here is loaded by the real class that it is for. */
class StoreExportTest {
  private static final PskIdentity NO_TEXT = PskIdentity.ofBytes(new byte[] {(byte) 0xff, 1});

  @TempDir private Path folder;

  private final InMemoryCredentialStore store = new InMemoryCredentialStore();

  StoreExportTest() {
    store.put(credential("dev-1", "id-1", 1));
    store.put(credential("é😀", "é😀", 2));
    store.put(credential("equals", "a=b", 3));
    store.put(credential("comment", "#c", 4));
    store.put(credential("line", "a\nb", 5));
    store.put(DeviceCredential.of("bytes", NO_TEXT, PreSharedKey.copyOf(key(6))));
  }

  private Path file() {
    return folder.resolve("export");
  }

  private void assertPrivate() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void leshanFile_isLoadedByLeshan_andByThisLibrary() throws Exception {
    ExportReport report = StoreExport.of(store).toLeshanFile(file());

    assertThat(report.written()).isEqualTo(5);
    assertThat(report.left()).extracting(NotTaken::endpoint).containsExactly(Optional.of("bytes"));
    assertPrivate();
    FileSecurityStore loaded = new FileSecurityStore(file().toString());
    assertThat(loaded.getAll())
        .extracting(SecurityInfo::getEndpoint)
        .containsExactlyInAnyOrder("dev-1", "é😀", "equals", "comment", "line");
    assertThat(loaded.getByIdentity("id-1"))
        .isEqualTo(SecurityInfo.newPreSharedKeyInfo("dev-1", "id-1", key(1)));
    assertThat(Entries.credentials(Entries.all(LeshanStoreFile.open(file(), KeyPolicy.strict()))))
        .hasSize(5)
        .contains(credential("é😀", "é😀", 2));
  }

  private static void assertLoaded(MultiPskFileStore loaded) {
    assertThat(loaded.size()).isEqualTo(2);
    assertThat(loaded.getSecret("id-1").getEncoded()).isEqualTo(key(1));
    assertThat(loaded.getSecret("é😀").getEncoded()).isEqualTo(key(2));
  }

  private void assertReported(ExportReport report) {
    assertThat(report.written()).isEqualTo(2);
    assertThat(report.left())
        .extracting(left -> left.endpoint().orElseThrow() + ": " + left.message())
        .containsExactlyInAnyOrder(
            "bytes: its PSK identity is not UTF-8, as Scandium's file wants it",
            "comment: its PSK identity begins with '#', as comments do in Scandium's file",
            "equals: its PSK identity has an '=', which ends it in Scandium's file",
            "line: its PSK identity has the end of a line, which ends it in Scandium's file");
  }

  @Test
  void scandiumFile_isLoadedByScandium() throws Exception {
    assertReported(StoreExport.of(store).toScandiumFile(file()));

    assertPrivate();
    assertLoaded(new MultiPskFileStore().loadPskCredentials(file().toString()));
  }

  @Test
  void encryptedScandiumFile_isLoadedByScandium_withThePasswordAlone() throws Exception {
    assertReported(StoreExport.of(store).toScandiumFile(file(), "pass wörd".toCharArray()));

    assertPrivate();
    byte[] secret = "pass wörd".getBytes(StandardCharsets.UTF_8);
    assertLoaded(
        new MultiPskFileStore()
            .loadPskCredentials(file().toString(), new SecretKeySpec(secret, "PW")));
    assertThat(new MultiPskFileStore().loadPskCredentials(file().toString()).size()).isZero();
  }

  @ParameterizedTest
  @EnumSource(ManifestFormat.class)
  void manifest_hasEverything(ManifestFormat format) throws Exception {
    ExportReport report = StoreExport.of(store).toManifest(file(), format);

    assertThat(report).isEqualTo(new ExportReport(6, List.of()));
    assertPrivate();
    List<DeviceCredential> read = new ArrayList<>();
    try (ManifestReader reader = ManifestReader.open(file(), KeyPolicy.strict())) {
      for (Optional<ManifestEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        read.add(((ManifestRow) next.get()).credential().orElseThrow());
      }
      assertThat(reader.format()).isEqualTo(format);
    }
    assertThat(read)
        .hasSize(6)
        .contains(
            credential("line", "a\nb", 5),
            DeviceCredential.of("bytes", NO_TEXT, PreSharedKey.copyOf(key(6))));
  }

  @Test
  void progress_countsAll_andWhatItThrowsLeavesNoFile() throws Exception {
    List<Long> counts = new ArrayList<>();
    StoreExport.of(store).onProgress(counts::add).toScandiumFile(file());
    assertThat(counts).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    Files.delete(file());

    StoreExport failing =
        StoreExport.of(store)
            .onProgress(
                done -> {
                  throw new IllegalStateException("stopped");
                });
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> failing.toLeshanFile(file()));
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> failing.toScandiumFile(file(), "secret".toCharArray()));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void existingFile_staysAsItIs() throws Exception {
    Files.writeString(file(), "mine");
    StoreExport export = StoreExport.of(store);

    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> export.toLeshanFile(file()));
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> export.toScandiumFile(file()));
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> export.toScandiumFile(file(), "secret".toCharArray()));
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> export.toManifest(file(), ManifestFormat.CSV));

    assertThat(file()).hasContent("mine");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file());
    }
  }
}
