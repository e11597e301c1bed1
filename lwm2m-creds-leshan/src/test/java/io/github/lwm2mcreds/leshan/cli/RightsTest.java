// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RightsTest {
  private static final Path FULL = Path.of("/dev/full");

  @TempDir private Path folder;

  @Test
  void fullDisk_isNamed() {
    assumeTrue(Files.exists(FULL), "this system has no /dev/full");
    IOException e = catchThrowableOfType(IOException.class, () -> Files.write(FULL, new byte[1]));

    assertThat(Rights.writing(folder.resolve("a"), e))
        .hasMessageEndingWith("a: cannot be written: there is no space left");
    assertThat(ManifestFailure.of(folder.resolve("a"), e))
        .hasMessageEndingWith("a: cannot be read or written: there is no space left");
  }

  @Test
  void brokenZipFile_isNamed() throws IOException {
    Path zip = Files.writeString(folder.resolve("a.zip"), "PK");
    IOException e =
        catchThrowableOfType(IOException.class, () -> new ZipFile(zip.toFile()).close());

    assertThat(ManifestFailure.of(zip, e)).hasMessageEndingWith("it is not a whole zip file");
  }

  @Test
  void textOfAnotherFailure_isNotShown() {
    assertThat(Rights.writing(folder.resolve("a"), new IOException("key 00112233")))
        .hasMessageEndingWith("a: cannot be written: IOException");
  }
}
