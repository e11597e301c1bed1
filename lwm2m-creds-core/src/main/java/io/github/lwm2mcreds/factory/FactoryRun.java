// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.DeviceProfile;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.factory.FactoryException.Reason;
import io.github.lwm2mcreds.manifest.Lot;
import io.github.lwm2mcreds.manifest.ManifestFormat;
import io.github.lwm2mcreds.manifest.ManifestRow;
import io.github.lwm2mcreds.manifest.ManifestSealer;
import io.github.lwm2mcreds.manifest.ManifestWriter;
import io.github.lwm2mcreds.partition.Board;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FlashImage;
import io.github.lwm2mcreds.partition.PartitionLocation;
import io.github.lwm2mcreds.store.internal.PrivateOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Makes the images of many devices, in a folder or a zip file, and the manifest that tells the
 * server their keys.
 *
 * <p>All devices are checked before the first is made. From then until it is complete, a run has a
 * file of mode 0600 beside the manifest, {@code <manifest>.run}, with the random seed of all its
 * keys: whoever reads it has them all, as he has who reads the images. A run that was stopped, even
 * by {@code kill -9} or a power failure, goes on with {@link #resume}: it makes the same keys
 * again, and ends with the same images and manifest as if it had not been stopped. The seed is
 * overwritten, and its file removed, at the end.
 *
 * <p>Memory does not grow with the number of devices. A list, and devices to compare with, take up
 * to 22 bytes for each device of the run, and as many for each key in the list.
 */
public final class FactoryRun {
  private final Devices devices;
  private final Path images;
  private final Path manifest;
  private final FlashImage.Format image;
  private final Optional<PartitionLocation> location;
  private final Optional<String> board;
  private final Optional<DeviceProfile> stack;
  private final ManifestFormat format;
  private final String lot;
  private final Optional<ManifestSealer> sealer;
  private final List<Fleet> against;
  private final Consumer<DeviceProblem> problems;
  private final LongConsumer progress;

  private FactoryRun(Builder builder) {
    devices = Objects.requireNonNull(builder.devices, "devices");
    images = Objects.requireNonNull(builder.images, "images");
    manifest = Objects.requireNonNull(builder.manifest, "manifest");
    image = builder.image;
    location = Optional.ofNullable(builder.location);
    board = Optional.ofNullable(builder.board);
    stack = Optional.ofNullable(builder.stack);
    format = builder.format;
    lot = Objects.requireNonNull(builder.lot, "lot");
    sealer = Optional.ofNullable(builder.sealer);
    against = List.copyOf(builder.against);
    problems = builder.problems;
    progress = builder.progress;
  }

  /**
   * Returns a builder of runs.
   *
   * @return a builder, which needs devices, a place for the images, a manifest and a lot
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Makes the devices.
   *
   * @return what was made
   * @throws FactoryException if something is there already, or devices have problems; nothing was
   *     made then
   * @throws IOException if something cannot be read or written; the run can be resumed
   */
  public FactoryReport run() throws IOException {
    if (Files.exists(stateFile())) {
      throw new FactoryException(
          Reason.UNFINISHED_RUN,
          "a run for this manifest was stopped: resume it, or remove '"
              + stateFile().getFileName()
              + "' and its images");
    }
    requireRoom();
    check(against);
    try (RunState state = RunState.begin(stateFile(), settings())) {
      return make(state);
    }
  }

  /**
   * Goes on with a run that was stopped.
   *
   * @return what was made, before and now
   * @throws FactoryException if there is no such run, it has other settings, or is not stopped
   * @throws IOException if something cannot be read or written; the run can be resumed
   */
  public FactoryReport resume() throws IOException {
    check(List.of()); // of the others, its own lot may have been taken in meanwhile
    try (RunState state = RunState.resume(stateFile(), settings())) {
      return make(state);
    }
  }

  private Path stateFile() {
    return manifest.resolveSibling(manifest.getFileName() + ".run");
  }

  private void requireRoom() throws IOException {
    if (Files.exists(manifest)) {
      throw new FactoryException(Reason.OUTPUT_EXISTS, "the manifest exists; it stays as it is");
    }
    if (!Files.exists(images)) {
      return;
    }
    if (!Files.isDirectory(images)) {
      throw new FactoryException(Reason.OUTPUT_EXISTS, "the images exist; they stay as they are");
    }
    try (Stream<Path> there = Files.list(images)) {
      if (there.findAny().isPresent()) {
        throw new FactoryException(Reason.OUTPUT_EXISTS, "the folder for the images is not empty");
      }
    }
  }

  private void check(List<Fleet> others) throws IOException {
    DeviceChecks checks = new DeviceChecks(others, problems, needsBoard(), stack);
    devices.check(checks);
    if (checks.problems() > 0) {
      throw new FactoryException(
          Reason.BAD_DEVICES, checks.problems() + " problems; nothing was made");
    }
  }

  private boolean needsBoard() {
    return image == FlashImage.Format.HEX && location.isEmpty();
  }

  /** Describes what decides about the bytes of the images and the manifest's rows. */
  private String settings() {
    return String.join(
        "\n",
        devices.settings(),
        "the images " + image + " at " + location.map(Object::toString).orElse("any address"),
        "the board " + board.orElse("of the list"),
        "the lot " + lot,
        "the images in '" + images.toAbsolutePath().normalize() + "'",
        "a manifest " + format + (sealer.isPresent() ? " that is sealed" : " in clear"));
  }

  private FactoryReport make(RunState state) throws IOException {
    try (ImageOutput out = ImageOutput.open(images);
        OutputStream file = manifestFile();
        ManifestWriter rows = writer(file)) {
      long[] done = {0};
      devices.forEach(
          state.keys(),
          row -> {
            write(row, out, rows);
            progress.accept(++done[0]);
          });
      out.finish();
      Lot made = rows.finish().orElseThrow();
      if (file instanceof PrivateOutput whole) {
        whole.commit();
      }
      state.complete();
      return new FactoryReport(done[0], made);
    }
  }

  /** A manifest that is there was the last thing that the run had to make. */
  private OutputStream manifestFile() throws IOException {
    return Files.exists(manifest)
        ? OutputStream.nullOutputStream()
        : PrivateOutput.resumable(manifest);
  }

  private ManifestWriter writer(OutputStream file) throws IOException {
    List<String> columns = new ArrayList<>(devices.columns());
    if (board.isPresent() && !columns.contains("board")) {
      columns.add(0, "board");
    }
    ManifestWriter.Builder builder =
        ManifestWriter.builder(format).lot(lot).columns(columns.toArray(String[]::new));
    sealer.ifPresent(builder::sealedBy);
    return builder.to(file);
  }

  private void write(ManifestRow row, ImageOutput out, ManifestWriter rows) throws IOException {
    boolean isOfRun = row.board().isEmpty() && board.isPresent();
    ManifestRow whole = isOfRun ? row.with("board", board.get()) : row;
    PartitionLocation at =
        row.board()
            .map(name -> Board.named(name).location())
            .or(() -> location)
            .orElse(new PartitionLocation(0, PartitionLocation.DEFAULT_SIZE));
    byte[] partition = CredentialPartition.encode(row.credential().orElseThrow());
    byte[] content =
        SecretBytes.useAndWipe(partition, bytes -> FlashImage.encode(image, bytes, at));
    SecretBytes.useAndWipe(
        content,
        bytes -> {
          out.write(ImageNames.of(row.endpoint(), image), bytes);
          return null;
        });
    rows.write(whole);
  }

  /** Settings of a run. */
  public static final class Builder {
    private Devices devices; // this and what follows: null until it is set
    private Path images;
    private Path manifest;
    private PartitionLocation location;
    private String board;
    private DeviceProfile stack;
    private ManifestSealer sealer;
    private String lot;
    private FlashImage.Format image = FlashImage.Format.RAW;
    private ManifestFormat format = ManifestFormat.CSV;
    private final List<Fleet> against = new ArrayList<>();
    private Consumer<DeviceProblem> problems = problem -> {};
    private LongConsumer progress = done -> {};

    private Builder() {}

    /**
     * Makes devices with endpoints from a template.
     *
     * @param template see {@link
     *     io.github.lwm2mcreds.CredentialGenerator.Builder#endpointTemplate(String)}
     * @param first the number in the first endpoint, not negative; not used by {@code urn:uuid:}
     * @param count how many devices
     * @return this
     * @throws IllegalArgumentException if the template is not valid or has too few numbers
     */
    public Builder devices(String template, long first, long count) {
      devices = new CountedDevices(template, first, count);
      return this;
    }

    /**
     * Makes the devices in a list. Those without a key get one; a column {@code board} decides
     * where a device has its partition; other columns go to the manifest as they are.
     *
     * @param list a file in CSV or NDJSON with the column {@code endpoint}
     * @param policy the keys that are accepted
     * @return this
     */
    public Builder devices(Path list, KeyPolicy policy) {
      devices = new ListedDevices(list, policy);
      return this;
    }

    /**
     * Sets where the images go.
     *
     * @param folderOrZip a folder that is empty or does not exist, or a file that does not exist
     *     and whose name ends in {@code .zip}
     * @param format the form of an image
     * @return this
     */
    public Builder images(Path folderOrZip, FlashImage.Format format) {
      images = Objects.requireNonNull(folderOrZip, "folderOrZip");
      image = Objects.requireNonNull(format, "format");
      return this;
    }

    /**
     * Sets where devices have their partition, unless a list says otherwise. Intel HEX needs it.
     *
     * @param location the location
     * @return this
     */
    public Builder location(PartitionLocation location) {
      this.location = Objects.requireNonNull(location, "location");
      return this;
    }

    /**
     * Sets the board of devices, unless a list says otherwise, and so where they have their
     * partition. The manifest names it.
     *
     * @param board the board
     * @return this
     */
    public Builder board(Board board) {
      this.board = board.boardName();
      return location(board.location());
    }

    /**
     * Sets what the DTLS stack of the devices takes, beside what their partition holds. A device
     * whose credential does not fit is a problem, and nothing is made.
     *
     * @param profile the stack; without one, only the partition decides
     * @return this
     */
    public Builder deviceProfile(DeviceProfile profile) {
      this.stack = Objects.requireNonNull(profile, "profile");
      return this;
    }

    /**
     * Sets the manifest.
     *
     * @param file a file that does not exist
     * @param format its format
     * @param lot the number of the lot, 1 to 64 ASCII letters, digits and {@code . _ : / -}; unique
     *     in the factory
     * @return this
     */
    public Builder manifest(Path file, ManifestFormat format, String lot) {
      this.manifest = Objects.requireNonNull(file, "file");
      this.format = Objects.requireNonNull(format, "format");
      this.lot = Objects.requireNonNull(lot, "lot");
      return this;
    }

    /**
     * Seals the manifest, so that its keys are never on disk in clear.
     *
     * @param sealer the signer and the receivers
     * @return this
     */
    public Builder sealedBy(ManifestSealer sealer) {
      this.sealer = Objects.requireNonNull(sealer, "sealer");
      return this;
    }

    /**
     * Compares the devices with others: no endpoint, identity or key may be theirs.
     *
     * @param fleet the devices that exist; read once, before anything is made
     * @return this
     */
    public Builder against(Fleet fleet) {
      against.add(Objects.requireNonNull(fleet, "fleet"));
      return this;
    }

    /**
     * Sets who is told of each device that cannot be made.
     *
     * @param problems called before {@link FactoryRun#run} fails
     * @return this
     */
    public Builder onProblem(Consumer<DeviceProblem> problems) {
      this.problems = Objects.requireNonNull(problems, "problems");
      return this;
    }

    /**
     * Sets who is told how many devices are done.
     *
     * @param progress called after each device
     * @return this
     */
    public Builder onProgress(LongConsumer progress) {
      this.progress = Objects.requireNonNull(progress, "progress");
      return this;
    }

    /**
     * Returns the run, which has done nothing yet.
     *
     * @return the run
     * @throws IllegalArgumentException if it is to make Intel HEX and there is no location
     */
    public FactoryRun build() {
      if (image == FlashImage.Format.HEX
          && location == null
          && !(devices instanceof ListedDevices)) {
        throw new IllegalArgumentException("Intel HEX needs the location of the partition");
      }
      return new FactoryRun(this);
    }
  }

  @Override
  public String toString() {
    return "FactoryRun[" + devices.settings() + ", lot " + lot + "]";
  }
}
