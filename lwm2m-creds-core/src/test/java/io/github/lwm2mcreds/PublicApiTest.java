// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicApiTest {
  private static final List<String> API =
      List.of("public class Box", "  public int size()", "public class Lid");

  @TempDir private Path folder;

  @Test
  void publicApi_isWhatTheFileSays() throws Exception {
    PublicApiFile.check(DeviceCredential.class);
  }

  @Test
  void publicApi_hasTheExportedPackagesOnly_andNoPrivateMember() throws Exception {
    assertThat(PublicApi.of(DeviceCredential.class))
        .contains("public final class io.github.lwm2mcreds.PreSharedKey : " + destroyable())
        .noneMatch(line -> line.contains(".store.internal.") || line.contains("private "))
        .anyMatch(line -> line.startsWith("public final enum io.github.lwm2mcreds.KeyWeakness"));
  }

  private static String destroyable() {
    return "javax.security.auth.Destroyable";
  }

  @Test
  void check_ofAChangedApi_namesWhatWentAndWhatCame() throws Exception {
    Path file = Files.write(folder.resolve("api.txt"), API);
    List<String> changed = List.of("public class Box", "  public long size()", "public class Lid");

    assertThatThrownBy(() -> PublicApiFile.check(file, changed, false))
        .hasMessageContaining("- public class Box: public int size()\n")
        .hasMessageContaining("+ public class Box: public long size()\n")
        .hasMessageContaining("-Dlwm2mcreds.api.write=true")
        .hasMessageNotContaining("Lid");
  }

  @Test
  void check_toldToWrite_writesTheFile() throws Exception {
    Path file = folder.resolve("api.txt");

    PublicApiFile.check(file, API, true);

    assertThat(file).hasContent(String.join("\n", API));
    assertThatCode(() -> PublicApiFile.check(file, API, false)).doesNotThrowAnyException();
  }
}
