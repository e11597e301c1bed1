// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A matrix as it comes out, in {@code target/interop}, and as {@code INTEROP.md} has it. With
 * {@code -Dlwm2mcreds.interop.write=true}, the page is written anew instead.
 */
final class InteropMatrix {
  private static final Path FOLDER = Path.of("target", "interop");
  private static final Path PAGE = Path.of("INTEROP.md");
  private static final boolean WRITE = Boolean.getBoolean("lwm2mcreds.interop.write");

  private final String name;
  private final List<String> peers;
  private final List<String> labels;

  /**
   * Describes a matrix.
   *
   * @param name in the page, and of the folder
   */
  InteropMatrix(String name, List<String> peers, List<String> labels) {
    this.name = name;
    this.peers = peers;
    this.labels = labels;
  }

  Column begin(String peer, String version) throws IOException {
    assertThat(peers).contains(peer);
    return new Column(peer, InteropColumn.begin(FOLDER.resolve(name), peer, version));
  }

  /** Writes what has come out by now. */
  private void write() throws IOException {
    InteropTable table = new InteropTable(labels);
    for (String peer : peers) {
      InteropColumn.load(FOLDER.resolve(name), peer).ifPresent(each -> table.add(peer, each));
    }
    Files.writeString(FOLDER.resolve(name + ".md"), table.text());
    if (WRITE) {
      new InteropPage(PAGE).replace(name, table.text());
    }
  }

  /** A column that is being filled. */
  final class Column {
    private final String peer;
    private final InteropColumn outcomes;

    private Column(String peer, InteropColumn outcomes) {
      this.peer = peer;
      this.outcomes = outcomes;
    }

    /** Adds an outcome, and compares it with the page. */
    void add(String label, Outcome outcome) throws IOException {
      outcomes.add(label, outcome);
      write();
      if (!WRITE) {
        check(label, outcome);
      }
    }

    /** Where the page has a hole, another release of the peer may do better. */
    private void check(String label, Outcome outcome) throws IOException {
      String table = new InteropPage(PAGE).table(name);
      Optional<String> written = InteropTable.find(table, peer, label);
      if (!written.equals(Optional.of(Outcome.OK.toString()))) {
        assumeTrue(
            InteropTable.find(table, peer, "version").equals(Optional.of(outcomes.version())),
            "a hole in INTEROP.md, with another release");
      }
      assertThat(outcome.toString())
          .as(PAGE + " says so of " + peer + ", " + label)
          .isEqualTo(written.orElse("nothing"));
    }
  }
}
