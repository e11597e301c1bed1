// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.OTHER_TOKEN;
import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.californium.scandium.dtls.pskstore.MultiPskFileStore;
import org.eclipse.leshan.servers.security.FileSecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreExportCommandTest {
  private static final byte[] KEY = HexFormat.of().parseHex(TOKEN);

  @TempDir private Path folder;
  private TestStore store;

  @BeforeEach
  void init() {
    store = TestStore.init(folder);
    store.add("a", TOKEN);
    store.add("b=b", OTHER_TOKEN);
  }

  private Path file() {
    return folder.resolve("export.data");
  }

  private Cli run(String kind, String... more) {
    String[] args = new String[more.length + 4];
    System.arraycopy(new String[] {"--to", kind, "-o", file().toString()}, 0, args, 0, 4);
    System.arraycopy(more, 0, args, 4, more.length);
    Cli run = store.run("export", args);
    assertThat(run.out() + run.err()).doesNotContain(TOKEN, OTHER_TOKEN, "unexpected");
    return run;
  }

  @Test
  void leshanFile_isLoadedByLeshan() throws Exception {
    Cli run = run("leshan-file");

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out()).isEqualTo(file() + ": 2 written\n");
    assertThat(run.err()).contains("holds keys in clear");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(new FileSecurityStore(file().toString()).getByEndpoint("a"))
        .isEqualTo(SecurityInfo.newPreSharedKeyInfo("a", "a", KEY));
  }

  @Test
  void scandiumFile_isLoadedByScandium_andWhatItCannotSayIsNamed() throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "pass wörd\n");

    Cli run = run("scandium-psk-file", "--output-passphrase", "@" + password);

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out())
        .containsPattern("b=b +left out: its PSK identity has an '=', which ends it")
        .endsWith(": 1 written, 1 left out\n");
    assertThat(run.err()).isEmpty();
    byte[] secret = "pass wörd".getBytes(StandardCharsets.UTF_8);
    MultiPskFileStore loaded =
        new MultiPskFileStore()
            .loadPskCredentials(file().toString(), new SecretKeySpec(secret, "PW"));
    assertThat(loaded.getSecret("a").getEncoded()).isEqualTo(KEY);
  }

  @Test
  void whatWasExported_isImportedByAnotherStore() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    TestStore second = TestStore.init(other);
    for (String kind : new String[] {"leshan-file", "manifest"}) {
      assertThat(run(kind).code()).isZero();

      Cli taken = second.run("import", file().toString());

      assertThat(taken.code()).as(taken::err).isZero();
      Files.delete(file());
    }
    assertThat(second.run("list").out()).isEqualTo(store.run("list").out());
  }

  @Test
  void report_forPrograms_namesWhatIsLeftOut() {
    assertThat(run("scandium-psk-file", "--format", "json").out().lines())
        .satisfiesExactly(
            left -> assertThat(left).contains("\"outcome\":\"left out\"", "\"INVALID_VALUE\""),
            sum -> assertThat(sum).contains("\"written\":1", "\"leftOut\":1"));
  }

  @Test
  void existingFile_orUnfitOption_isRefused() throws Exception {
    Files.writeString(file(), "mine");

    Cli existing = run("manifest");

    assertThat(existing.code()).isEqualTo(2);
    assertThat(existing.err()).contains("already exists");
    assertThat(file()).hasContent("mine");
    Files.delete(file());
    assertThat(run("manifest", "--output-passphrase", "-").code()).isEqualTo(2);
    assertThat(run("nothing").code()).isEqualTo(2);
    assertThat(file()).doesNotExist();
  }
}
