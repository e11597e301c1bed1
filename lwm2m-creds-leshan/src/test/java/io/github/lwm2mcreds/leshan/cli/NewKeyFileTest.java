// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewKeyFileTest {
  @TempDir Path folder;

  @Test
  void write_hasTheFileOnDiskBeforeTheChange_andWipesItsSource() throws Exception {
    Path file = folder.resolve("key");
    byte[] content = {1, 2, 3};

    NewKeyFile.write(file, content, () -> assertThat(file).hasBinaryContent(new byte[] {1, 2, 3}));

    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(content).containsOnly(0);
  }

  @Test
  void changeThatWasNotMade_takesTheFileWithIt() {
    Path file = folder.resolve("key");

    assertThatThrownBy(() -> NewKeyFile.write(file, new byte[1], () -> fail(Reason.LOCKED)))
        .isInstanceOf(CredentialStoreException.class);

    assertThat(file).doesNotExist();
  }

  @Test
  void changeThatMayHaveBeenMade_leavesTheFile_andSaysSo() {
    Path file = folder.resolve("key");

    assertThatThrownBy(() -> NewKeyFile.write(file, new byte[1], () -> fail(Reason.UNAVAILABLE)))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("is kept");

    assertThat(file).exists();
  }

  private static void fail(Reason reason) {
    throw new CredentialStoreException(reason, "no");
  }
}
