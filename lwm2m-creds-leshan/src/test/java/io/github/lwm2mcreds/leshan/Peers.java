package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs of others that interoperability tests need. */
public final class Peers {
  private Peers() {}

  /** Skips the test where a program is not installed; in CI it has to be. */
  public static void require(String program) {
    boolean found =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    if (!found && "true".equals(System.getenv("CI"))) {
      fail(program + " is not installed, and CI has to test with it");
    }
    assumeTrue(found, program + " is not installed: interoperability with it is not tested");
  }
}
