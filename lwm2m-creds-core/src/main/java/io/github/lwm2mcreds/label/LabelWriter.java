// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import io.github.lwm2mcreds.manifest.ManifestEntry;
import io.github.lwm2mcreds.manifest.ManifestProblem;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestRow;
import io.github.lwm2mcreds.manifest.ManifestSummary;
import io.github.lwm2mcreds.store.internal.PrivateOutput;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Writes labels to a new file, as a table in CSV or as pages to be printed in SVG or PDF. The file
 * has mode 0600, and is there whole or not at all. Memory does not grow with the number of labels.
 *
 * <p>Not safe for use by several threads.
 */
public final class LabelWriter implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final PrivateOutput file;
  private final OutputStream out;
  private final LabelOutput labels;

  private LabelWriter(PrivateOutput file, LabelFormat format, LabelSheet sheet) throws IOException {
    this.file = file;
    this.out = new BufferedOutputStream(file, BUFFER);
    this.labels = output(format, sheet, out);
  }

  /**
   * Begins a file.
   *
   * @param file a file that does not exist, whose name ends in {@code .csv}, {@code .svg} or {@code
   *     .pdf}
   * @param sheet the sheet of a page; not used by CSV
   * @return a writer, to be finished and closed
   * @throws LabelException if the name ends in something else, or ZXing is missing, which makes QR
   *     codes
   * @throws java.nio.file.FileAlreadyExistsException if the file exists, which stays as it is
   * @throws IOException if the file cannot be written
   */
  public static LabelWriter open(Path file, LabelSheet sheet) throws IOException {
    LabelFormat format = LabelFormat.of(file);
    format.check(0, sheet);
    PrivateOutput output = PrivateOutput.resumable(file);
    try {
      return new LabelWriter(output, format, sheet);
    } catch (IOException | RuntimeException e) {
      output.close();
      throw e;
    }
  }

  private static LabelOutput output(LabelFormat format, LabelSheet sheet, OutputStream out)
      throws IOException {
    double height = sheet.pageHeight() * 72 / 25.4;
    return switch (format) {
      case CSV -> new CsvLabels(out);
      case SVG -> new SheetLabels(sheet, new SvgCanvas(out, sheet), () -> {});
      case PDF -> {
        PdfFile pdf = new PdfFile(out, sheet.pageWidth() * 72 / 25.4, height);
        yield new SheetLabels(sheet, new PdfCanvas(pdf, height), pdf);
      }
    };
  }

  /**
   * Writes a label.
   *
   * @param label the label
   * @throws LabelException if there are more than the format holds
   * @throws IOException if the file cannot be written
   */
  public void write(Label label) throws IOException {
    labels.write(label);
  }

  /**
   * Writes the labels of a manifest, with whose keys nothing else is done. A caller who wants no
   * labels of a part of a lot looks at the result before {@link #finish}.
   *
   * @param manifest read to its end
   * @param problems called for each row that cannot be read, and gets no label
   * @param progress called after each label with how many there are
   * @return what the manifest was
   * @throws LabelException if there are more labels than the format holds
   * @throws IOException if the manifest cannot be read, or the file cannot be written
   */
  public ManifestSummary writeAll(
      ManifestReader manifest, Consumer<ManifestProblem> problems, LongConsumer progress)
      throws IOException {
    long written = 0;
    for (Optional<ManifestEntry> next = manifest.next(); next.isPresent(); next = manifest.next()) {
      if (next.get() instanceof ManifestRow row) {
        try {
          write(Label.of(row.credential().orElseThrow(), manifest.lotNumber()));
          progress.accept(++written);
        } finally {
          row.destroy();
        }
      } else if (next.get() instanceof ManifestProblem problem) {
        problems.accept(problem);
      }
    }
    return manifest.summary();
  }

  /**
   * Ends the file, which is on disk under its name afterwards.
   *
   * @throws java.nio.file.FileAlreadyExistsException if another one was made meanwhile, which stays
   *     as it is
   * @throws IOException if the file cannot be written
   */
  public void finish() throws IOException {
    labels.finish();
    out.flush();
    file.commit();
  }

  @Override
  public String toString() {
    return "labels for " + file;
  }

  /** Closes the file, which is deleted unless it was finished. */
  @Override
  public void close() throws IOException {
    try {
      labels.close();
    } finally {
      file.close();
    }
  }
}
