// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.internal.PrivateOutput;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a manifest of any size in constant memory. It is complete after {@link #finish}: one that
 * is closed without, as after an exception, has no end of its lot, or is no file at all.
 *
 * <p>Not safe for use by several threads.
 */
public final class ManifestWriter implements Closeable {
  private final OutputStream out;
  private final Optional<SealedOutput> sealed;
  private final Optional<PrivateOutput> file;
  private final Set<String> columns; // null if any are allowed
  private final RowEncoder encoder;
  private final Optional<String> lotNumber;
  private final LotDigest digest = new LotDigest();
  private final ByteBuffer buffer = ByteBuffer.allocate(4 * ManifestReader.MAX_ROW_LENGTH);
  private boolean finished;

  private ManifestWriter(Builder builder, OutputStream out, Optional<PrivateOutput> file)
      throws IOException {
    this.out = out;
    this.sealed = builder.sealer == null ? Optional.empty() : Optional.of(builder.sealer.seal(out));
    this.file = file;
    this.lotNumber = builder.lotNumber;
    boolean isCsv = builder.format == ManifestFormat.CSV;
    this.columns = isCsv ? Set.copyOf(builder.columns) : null;
    this.encoder =
        isCsv
            ? new CsvEncoder(List.copyOf(builder.columns), lotNumber)
            : new NdjsonEncoder(lotNumber);
    encoder.header(buffer);
  }

  /**
   * Returns a builder of writers.
   *
   * @param format the format to write
   * @return a builder, for a manifest that has only credentials and is of no lot
   */
  public static Builder builder(ManifestFormat format) {
    return new Builder(format);
  }

  /** Settings of a writer. */
  public static final class Builder {
    private final ManifestFormat format;
    private final List<String> columns = new ArrayList<>();
    private Optional<String> lotNumber = Optional.empty();
    private ManifestSealer sealer; // null for a manifest in clear

    private Builder(ManifestFormat format) {
      this.format = Objects.requireNonNull(format, "format");
    }

    /**
     * Adds columns that are not part of the credential. CSV needs them here; NDJSON writes those
     * that a row has.
     *
     * @param names {@code board} and names of the caller's own
     * @return this
     * @throws IllegalArgumentException if a name is part of the credential, empty or there twice,
     *     or they are together too long for a row
     */
    public Builder columns(String... names) {
      for (String name : names) {
        String own = ManifestRow.requireOwn(name);
        if (columns.contains(own)) {
          throw new IllegalArgumentException(
              "the column '" + Printable.escape(own) + "' is there twice");
        }
        columns.add(own);
      }
      if (String.join(",", columns).length() > ManifestReader.MAX_ROW_LENGTH / 8) {
        throw new IllegalArgumentException("the names of the columns are too long for a header");
      }
      return this;
    }

    /**
     * Makes the manifest a lot, whose end tells how many rows it has and their digest.
     *
     * @param number 1 to 64 ASCII letters, digits and {@code . _ : / -}; unique in the factory
     * @return this
     * @throws IllegalArgumentException if it is not such a number
     */
    public Builder lot(String number) {
      lotNumber = Optional.of(Lot.requireNumber(number));
      return this;
    }

    /**
     * Seals the manifest, so that no key leaves the writer in clear.
     *
     * @param sealer the signer and the receivers
     * @return this
     */
    public Builder sealedBy(ManifestSealer sealer) {
      this.sealer = Objects.requireNonNull(sealer, "sealer");
      return this;
    }

    /**
     * Returns a writer to a stream. What the stream keeps of it is the caller's to wipe.
     *
     * @param out closed with the writer
     * @return a writer, to be finished and closed
     * @throws IOException if it is to be sealed and that cannot begin
     */
    public ManifestWriter to(OutputStream out) throws IOException {
      return new ManifestWriter(this, out, Optional.empty());
    }

    /**
     * Returns a writer to a new file of mode 0600, which appears when the manifest is finished.
     *
     * @param file a file that does not exist, in a folder that does
     * @return a writer, to be finished and closed
     * @throws java.nio.file.FileAlreadyExistsException if it exists; it stays as it is
     * @throws IOException if it cannot be written
     */
    public ManifestWriter create(Path file) throws IOException {
      PrivateOutput out = new PrivateOutput(file);
      try {
        return new ManifestWriter(this, out, Optional.of(out));
      } catch (IOException | RuntimeException e) {
        out.close();
        throw e;
      }
    }
  }

  /**
   * Writes a device.
   *
   * @param credential stays the caller's
   * @throws IOException if it cannot be written
   */
  public void write(DeviceCredential credential) throws IOException {
    write(ManifestRow.of(credential));
  }

  /**
   * Writes a row.
   *
   * @param row stays the caller's
   * @throws IllegalArgumentException if it has a column that the manifest has not, or is longer
   *     than a reader allows; nothing was written
   * @throws IOException if it cannot be written
   */
  public void write(ManifestRow row) throws IOException {
    if (finished) {
      throw new IllegalStateException("the manifest is finished");
    }
    requireColumns(row);
    if (buffer.remaining() <= ManifestReader.MAX_ROW_LENGTH) {
      flush();
    }
    int start = buffer.position();
    try {
      buffer.limit(Math.min(buffer.capacity(), start + ManifestReader.MAX_ROW_LENGTH));
      encoder.row(row, buffer);
    } catch (BufferOverflowException e) {
      Arrays.fill(buffer.array(), start, buffer.limit(), (byte) 0);
      buffer.position(start);
      throw new IllegalArgumentException(
          "the row of '"
              + Printable.escape(row.endpoint())
              + "' is longer than "
              + ManifestReader.MAX_ROW_LENGTH
              + " bytes",
          e);
    } finally {
      buffer.limit(buffer.capacity());
    }
    digest.add(row);
  }

  private void requireColumns(ManifestRow row) {
    if (columns != null && !columns.containsAll(row.columns().keySet())) {
      throw new IllegalArgumentException(
          "the row of '"
              + Printable.escape(row.endpoint())
              + "' has columns that the manifest has not: name them in the builder");
    }
  }

  /** Hands on what is buffered, and wipes it. */
  private void flush() throws IOException {
    try {
      OutputStream target = sealed.isPresent() ? sealed.get() : out;
      target.write(buffer.array(), 0, buffer.position());
    } finally {
      Arrays.fill(buffer.array(), 0, buffer.position(), (byte) 0);
      buffer.clear();
    }
  }

  /**
   * Writes the end of the manifest, and puts a file in its place, on disk.
   *
   * @return the lot, if it is one
   * @throws IOException if it cannot be written
   */
  public Optional<Lot> finish() throws IOException {
    if (finished) {
      throw new IllegalStateException("the manifest is finished");
    }
    finished = true;
    Optional<Lot> lot = lotNumber.map(digest::lot);
    lot.ifPresent(end -> encoder.end(end, buffer));
    flush();
    if (sealed.isPresent()) {
      sealed.get().finish();
    }
    out.flush();
    if (file.isPresent()) {
      file.get().commit();
    }
    return lot;
  }

  /** Closes the stream, and wipes what was not written. */
  @Override
  public void close() throws IOException {
    Arrays.fill(buffer.array(), (byte) 0);
    out.close();
  }
}
