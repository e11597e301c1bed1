// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static io.github.lwm2mcreds.leshan.provisioning.ProvisioningRole.FACTORY;
import static io.github.lwm2mcreds.leshan.provisioning.ProvisioningRole.OPERATOR;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessListTest {
  /** Of the text {@code secret}: printf secret | sha256sum. */
  private static final String HASH =
      "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

  @TempDir private Path folder;

  private Path file(String content) throws IOException {
    Path file = folder.resolve("access");
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  @Test
  void token_byItsHash_isFound_andAnotherIsNot() throws IOException {
    AccessList list = AccessList.read(file("operator token ops " + HASH + "\n"));

    assertThat(list.ofToken("secret")).map(AccessEntry::actor).contains("token ops");
    assertThat(list.ofToken("secre")).isEmpty();
    assertThat(list.ofToken("")).isEmpty();
    assertThat(list.ofToken(HASH)).isEmpty();
  }

  @Test
  void subject_howeverItIsWritten_isFound() throws IOException {
    AccessList list =
        AccessList.read(file("factory certificate CN=Line 3, O=Example Works, C=DE\n"));

    assertThat(list.ofSubject(new X500Principal("cn=line 3,o=example works,c=de")))
        .map(AccessEntry::role)
        .contains(FACTORY);
    assertThat(list.ofSubject(new X500Principal("CN=Line 3,O=Example Works"))).isEmpty();
    assertThat(list.ofToken("CN=Line 3,O=Example Works,C=DE")).isEmpty();
  }

  @Test
  void write_thenRead_isTheSame_privateAndHasNoToken() throws IOException {
    byte[] token = AccessToken.create();
    Path file = folder.resolve("new");
    AccessList.empty()
        .withToken("line-3", FACTORY, token)
        .withCertificate(new X500Principal("CN=ops"), OPERATOR)
        .write(file);

    AccessList read = AccessList.read(file);

    assertThat(read.entries())
        .extracting(AccessEntry::actor)
        .containsExactly("token line-3", "certificate CN=ops");
    assertThat(read.ofToken(new String(token, US_ASCII))).isPresent();
    assertThat(Files.readString(file)).doesNotContain(new String(token, US_ASCII));
    assertThat(read.toString()).isEqualTo("AccessList[token line-3, certificate CN=ops]");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void without_takesOneOut_andKeepsComments() throws IOException {
    Path file =
        file("# the plant in Example\n\nfactory token a " + HASH + "\noperator certificate CN=b\n");
    AccessList list = AccessList.read(file);

    AccessList fewer = list.without(list.entries().get(0));
    fewer.write(file);

    assertThat(Files.readString(file))
        .isEqualTo("# the plant in Example\n\noperator certificate CN=b\n");
    assertThat(fewer.without(list.entries().get(0)).entries()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lwm2mcreds_S3cr3tS3cr3t",
        "factory",
        "factory token line-3",
        "factory token line-3 lwm2mcreds_S3cr3tS3cr3t",
        "factory token line-3 2BB80D537B1DA3E38BD30361AA855686BDE0EACD7162FEF6A25FE97BF527A25B",
        "factory token lwm2mcreds_S3cr3tS3cr3t x",
        "root token line-3 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b",
        "factory token .x 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b",
        "factory certificate line 3",
        "factory key CN=a",
      })
  void badLine_isRefused_byItsNumberAndNeverByItsText(String line) throws IOException {
    Path file = file("# first\n" + line + "\n");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AccessList.read(file))
        .withMessageContaining("line 2 ")
        .withMessageContaining("nobody has access")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("S3cr3t"));
  }

  @Test
  void secondOneOfAName_orOfASubject_isRefused() throws IOException {
    Path tokens = file("factory token a " + HASH + "\noperator token a " + HASH + "\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AccessList.read(tokens))
        .withMessageContaining("line 2 is a second one for the token a");

    AccessList list = AccessList.empty().withCertificate(new X500Principal("CN=a"), FACTORY);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> list.withCertificate(new X500Principal("cn=A"), OPERATOR));
  }

  @Test
  void file_thatOthersMayUse_isRefused() throws IOException {
    Path file = file("operator token ops " + HASH + "\n");
    for (String mode : List.of("rw-r-----", "rw--w----", "rw----r--")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> AccessList.read(file))
          .withMessageContaining("set its mode to 600");
    }
  }

  @Test
  void file_beyondTheLimits_isRefused() throws IOException {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i <= AccessList.MAX_ENTRIES; i++) {
      many.append("factory certificate CN=").append(i).append('\n');
    }
    Path entries = file(many.toString());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AccessList.read(entries))
        .withMessageContaining("line 1001 is beyond the limit of 1000");
    Path large = file("#".repeat((1 << 20) + 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AccessList.read(large))
        .withMessageContaining("larger than 1 MiB");
    Path noText = file("");
    Files.write(noText, new byte[] {(byte) 0xff});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AccessList.read(noText))
        .withMessageContaining("not UTF-8");
  }

  @Test
  void newTokens_areAllOther_andHave256Bits() {
    Set<String> tokens = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      tokens.add(new String(AccessToken.create(), US_ASCII));
    }
    assertThat(tokens).hasSize(1000).allMatch(t -> t.matches("lwm2mcreds_[A-Za-z0-9_-]{43}"));
  }
}
