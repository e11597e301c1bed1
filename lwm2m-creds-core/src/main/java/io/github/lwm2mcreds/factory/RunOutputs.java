// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.label.Label;
import io.github.lwm2mcreds.label.LabelWriter;
import io.github.lwm2mcreds.manifest.Lot;
import io.github.lwm2mcreds.manifest.ManifestRow;
import io.github.lwm2mcreds.manifest.ManifestWriter;
import io.github.lwm2mcreds.partition.Board;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FlashImage;
import io.github.lwm2mcreds.partition.PartitionLocation;
import io.github.lwm2mcreds.store.internal.PrivateOutput;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The images, labels and manifest of a run, which get their names in this order. What has its name
 * already was finished by the run before it was stopped, and is not written again.
 */
final class RunOutputs implements Closeable {
  private final RunSettings settings;
  private final Deque<Closeable> open = new ArrayDeque<>();
  private final ImageOutput images;
  private final Optional<LabelWriter> labels;
  private final OutputStream file;
  private final ManifestWriter rows;

  /** Opens them; the devices were checked. */
  RunOutputs(RunSettings settings) throws IOException {
    this.settings = settings;
    try {
      images = opened(ImageOutput.open(settings.images()));
      labels = labels();
      file = opened(manifest(settings.manifest()));
      rows = opened(writer());
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private <T extends Closeable> T opened(T output) {
    open.push(output);
    return output;
  }

  private Optional<LabelWriter> labels() throws IOException {
    if (settings.labels().isEmpty()) {
      return Optional.empty();
    }
    Path path = settings.labels().get();
    if (Files.exists(path)) {
      PrivateOutput.deletePart(path);
      return Optional.empty();
    }
    return Optional.of(opened(LabelWriter.open(path, settings.sheet())));
  }

  private static OutputStream manifest(Path path) throws IOException {
    if (Files.exists(path)) {
      PrivateOutput.deletePart(path);
      return OutputStream.nullOutputStream();
    }
    return PrivateOutput.resumable(path);
  }

  private ManifestWriter writer() throws IOException {
    List<String> columns = new ArrayList<>(settings.devices().columns());
    if (settings.board().isPresent() && !columns.contains("board")) {
      columns.add(0, "board");
    }
    ManifestWriter.Builder builder =
        ManifestWriter.builder(settings.format())
            .lot(settings.lot())
            .columns(columns.toArray(String[]::new));
    settings.sealer().ifPresent(builder::sealedBy);
    return builder.to(file);
  }

  /** Writes image, label and row of a device. */
  void write(ManifestRow row) throws IOException {
    writeImage(row);
    if (labels.isPresent()) {
      labels.get().write(Label.of(row.credential().orElseThrow(), Optional.of(settings.lot())));
    }
    boolean isOfRun = row.board().isEmpty() && settings.board().isPresent();
    rows.write(isOfRun ? row.with("board", settings.board().get()) : row);
  }

  private void writeImage(ManifestRow row) throws IOException {
    PartitionLocation at =
        row.board()
            .map(name -> Board.named(name).location())
            .or(settings::location)
            .orElse(new PartitionLocation(0, PartitionLocation.DEFAULT_SIZE));
    byte[] partition = CredentialPartition.encode(row.credential().orElseThrow());
    byte[] content =
        SecretBytes.useAndWipe(partition, bytes -> FlashImage.encode(settings.image(), bytes, at));
    SecretBytes.useAndWipe(
        content,
        bytes -> {
          images.write(ImageNames.of(row.endpoint(), settings.image()), bytes);
          return null;
        });
  }

  /**
   * Ends all of them, which are on disk under their names afterwards.
   *
   * @param steps told of each that is finished
   */
  Lot finish(RunSteps steps) throws IOException {
    images.finish();
    steps.reached("images");
    if (labels.isPresent()) {
      labels.get().finish();
      steps.reached("labels");
    }
    Lot lot = rows.finish().orElseThrow();
    if (file instanceof PrivateOutput whole) {
      whole.commit();
    }
    steps.reached("manifest");
    return lot;
  }

  /** Closes them; what is not finished is deleted, but for images in a folder. */
  @Override
  public void close() throws IOException {
    IOException first = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
