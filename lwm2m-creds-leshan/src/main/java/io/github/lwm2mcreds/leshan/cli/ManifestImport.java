// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.manifest.Lot;
import io.github.lwm2mcreds.manifest.ManifestEntry;
import io.github.lwm2mcreds.manifest.ManifestOpener;
import io.github.lwm2mcreds.manifest.ManifestProblem;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestRow;
import io.github.lwm2mcreds.manifest.ManifestSummary;
import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The devices of a manifest, in clear or sealed. */
final class ManifestImport implements ImportSource {
  private final Path file;
  private final ManifestSource source;
  private final Streams streams;
  private Counting in; // this and the reader: null until the first item is asked for
  private ManifestReader reader;

  ManifestImport(Path file, ManifestSource source, Streams streams) {
    this.file = file;
    this.source = source;
    this.streams = streams;
  }

  @Override
  public String name() {
    return InputFile.name(file);
  }

  @Override
  public String rawName() {
    return file.toString();
  }

  @Override
  public String place(long number) {
    return "line " + number;
  }

  @Override
  public Optional<ImportItem> next() throws IOException {
    if (reader == null) {
      open();
    }
    return reader.next().map(ManifestImport::item);
  }

  /** Lets the store's own policy refuse weak keys, which then counts as an outcome. */
  private void open() throws IOException {
    try {
      InputFile.requireFile(file);
      in =
          new Counting(
              isRegular() && ManifestOpener.isSealed(file)
                  ? source.open(file, streams)
                  : Files.newInputStream(file));
      reader = ManifestReader.of(in, KeyPolicy.allowingAnyKey());
    } catch (CommandException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static ImportItem item(ManifestEntry entry) {
    if (entry instanceof ManifestRow row) {
      return new ImportFound(row.line(), row.credential().orElseThrow());
    }
    ManifestProblem problem = (ManifestProblem) entry;
    return new ImportUnreadable(
        problem.line(),
        problem.column(),
        problem.endpoint(),
        problem.reason().name(),
        problem.message());
  }

  /** Returns whether it can be read twice: a pipe cannot, not even to see whether it is sealed. */
  private boolean isRegular() {
    return Files.isRegularFile(file);
  }

  @Override
  public boolean rewind() throws IOException {
    if (!isRegular()) {
      return false;
    }
    close();
    return true;
  }

  @Override
  public CommandException failure(IOException e) {
    return FactoryFailure.of(file, e).about(name());
  }

  @Override
  public ImportEnd end() {
    ManifestSummary summary = reader.summary();
    boolean isLot = summary.lotCheck() != LotCheck.NO_LOT;
    boolean isWhole = !isLot || summary.lotCheck() == LotCheck.MATCHES;
    Optional<Lot> lot = summary.stated().or(summary::found);
    String text =
        isLot
            ? lot.map(known -> "lot " + known.number() + " ").orElse("")
                + "complete: "
                + ManifestView.text(summary)
            : "";
    return new ImportEnd(isWhole, text, object -> addTo(object, summary, lot));
  }

  private static void addTo(ObjectNode object, ManifestSummary summary, Optional<Lot> lot) {
    object
        .put("lot", lot.map(Lot::number).orElse(null))
        .put("count", summary.stated().map(Lot::count).orElse(null))
        .put("sha256", summary.stated().map(Lot::sha256).orElse(null))
        .put("lotCheck", summary.lotCheck().name());
  }

  @Override
  public long size() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // which opening it reports
    }
  }

  /** What is sealed is a little shorter, which is near enough. */
  @Override
  public long done() {
    return in == null ? 0 : in.count;
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  /** Counts the bytes that are read. */
  private static final class Counting extends FilterInputStream {
    private long count;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = in.read();
      count += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = in.read(bytes, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
