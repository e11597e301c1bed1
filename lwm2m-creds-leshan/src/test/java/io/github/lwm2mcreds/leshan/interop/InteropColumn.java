// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** What came out for one peer, in a file of its own, since peers are tried one after the other. */
final class InteropColumn {
  private static final String VERSION = "version";

  private final Path file;
  private final Properties outcomes = new Properties();

  private InteropColumn(Path file) {
    this.file = file;
  }

  /** Begins a column anew. */
  static InteropColumn begin(Path folder, String peer, String version) throws IOException {
    InteropColumn column = new InteropColumn(file(Files.createDirectories(folder), peer));
    column.outcomes.setProperty(VERSION, version);
    column.save();
    return column;
  }

  /** Returns a column that there is already. */
  static Optional<InteropColumn> load(Path folder, String peer) throws IOException {
    InteropColumn column = new InteropColumn(file(folder, peer));
    if (!Files.exists(column.file)) {
      return Optional.empty();
    }
    try (Reader in = Files.newBufferedReader(column.file)) {
      column.outcomes.load(in);
    }
    return Optional.of(column);
  }

  private static Path file(Path folder, String peer) {
    return folder.resolve(peer.replaceAll("[^A-Za-z0-9]", "-") + ".properties");
  }

  String version() {
    return outcomes.getProperty(VERSION);
  }

  Optional<Outcome> outcome(String label) {
    return Optional.ofNullable(outcomes.getProperty(label)).map(Outcome::parse);
  }

  void add(String label, Outcome outcome) {
    outcomes.setProperty(label, outcome.toString());
    save();
  }

  private void save() {
    try (Writer out = Files.newBufferedWriter(file)) {
      outcomes.store(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
