// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused of a server's place in a cluster, before anything is opened. */
class ClusterOptionsTest {
  private static final String KEY =
      "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";
  private static final String NO_KEY =
      "g0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";
  private static final String NODES = "1=127.0.0.1:5685,2=127.0.0.1:5686";

  @TempDir private Path folder;
  private Path keyFile;

  @BeforeEach
  void writeKey() throws IOException {
    keyFile = Files.writeString(folder.resolve("cluster.key"), KEY + "\n");
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
  }

  /** Returns why options are refused; the store, which is opened last, is not there. */
  private String refusal(String... options) {
    List<String> all =
        new ArrayList<>(List.of("serve", "--store=sqlite:" + folder.resolve("none.db")));
    all.addAll(List.of(options));
    Cli run = Cli.run(all.toArray(String[]::new));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).doesNotContain("c0ffee");
    return run.err();
  }

  private String refusalOf(String node, String nodes) {
    return refusal("--node=" + node, "--cluster=" + nodes, "--cluster-key=" + keyFile);
  }

  @Test
  void options_thatAreRight_getAsFarAsTheStore() {
    assertThat(refusalOf("1", NODES)).contains("none.db").doesNotContain("--cluster");
  }

  @Test
  void options_thatNeedEachOther_areRefusedAlone() {
    assertThat(refusal("--node=1")).contains("--node and --cluster need each other");
    assertThat(refusal("--cluster=" + NODES)).contains("--node and --cluster need each other");
    assertThat(refusal("--cluster-key=" + keyFile)).contains("needs --node and --cluster");
  }

  @Test
  void cluster_withoutAKey_isRefusedUnlessThatIsAllowed() {
    assertThat(refusal("--node=1", "--cluster=" + NODES))
        .contains("--cluster-key FILE", "--allow-unauthenticated-cluster");
    assertThat(refusal("--node=1", "--cluster=" + NODES, "--allow-unauthenticated-cluster"))
        .contains("is not authenticated", "none.db");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1", "1=host", "=127.0.0.1:1", "1=127.0.0.1:0", "1=127.0.0.1:65536", "1:h:5685"})
  void cluster_thatIsNoListOfNodes_isRefused(String nodes) {
    assertThat(refusalOf("1", nodes)).contains("'" + nodes + "' is not NUMBER=HOST:PORT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3   | 1=127.0.0.1:5685,2=127.0.0.1:5686   | do not include this one, 3
          1   | 1=127.0.0.1:5685,1=127.0.0.1:5686   | two servers have number 1
          1   | 1=127.0.0.1:5685,2=127.0.0.1:5685   | two nodes have the same address
          1   | 1=127.0.0.1:5685,300=127.0.0.1:5686 | must be 0 to 255: 300
          """)
  void cluster_withoutOnePlaceForEach_isRefused(String node, String nodes, String why) {
    assertThat(refusalOf(node, nodes)).contains(why);
  }

  @Test
  void key_thatOthersCanUse_isRefused() throws IOException {
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r-----"));

    assertThat(refusalOf("1", NODES)).contains("others can use this key: its mode is rw-r-----");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "c0ffee", KEY + "00", NO_KEY})
  void key_thatIsNone_isRefusedWithoutRepeatingIt(String content) throws IOException {
    Files.writeString(keyFile, content);

    assertThat(refusalOf("1", NODES)).contains("does not hold the 64 hex digits of a key");
  }
}
