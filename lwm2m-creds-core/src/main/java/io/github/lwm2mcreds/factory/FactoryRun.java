// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.DeviceProfile;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.label.LabelSheet;
import io.github.lwm2mcreds.manifest.ManifestFormat;
import io.github.lwm2mcreds.manifest.ManifestSealer;
import io.github.lwm2mcreds.partition.Board;
import io.github.lwm2mcreds.partition.FlashImage;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Makes the images of many devices, in a folder or a zip file, the manifest that tells the server
 * their keys, and labels if they are wanted.
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
  private final RunWork work;
  private final String text;

  private FactoryRun(RunWork work, String text) {
    this.work = work;
    this.text = text;
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
    return work.run();
  }

  /**
   * Goes on with a run that was stopped.
   *
   * @return what was made, before and now
   * @throws FactoryException if there is no such run, it has other settings, or is not stopped
   * @throws IOException if something cannot be read or written; the run can be resumed
   */
  public FactoryReport resume() throws IOException {
    return work.resume();
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
    private Path labels;
    private LabelSheet sheet = LabelSheet.A4;
    private FlashImage.Format image = FlashImage.Format.RAW;
    private ManifestFormat format = ManifestFormat.CSV;
    private final List<Fleet> against = new ArrayList<>();
    private Consumer<DeviceProblem> problems = problem -> {};
    private LongConsumer progress = done -> {};
    private RunSteps steps = step -> {};

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
     * Makes labels, too, with the check value of each key and never a key.
     *
     * @param file a file that does not exist, whose name ends in {@code .csv}, {@code .svg} or
     *     {@code .pdf}
     * @param sheet the sheet that they are printed on; not used by CSV
     * @return this
     */
    public Builder labels(Path file, LabelSheet sheet) {
      this.labels = Objects.requireNonNull(file, "file");
      this.sheet = Objects.requireNonNull(sheet, "sheet");
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

    /** Sets who is told of each step that is on disk. */
    Builder onStep(RunSteps steps) {
      this.steps = steps;
      return this;
    }

    private RunSettings settings() {
      return new RunSettings(
          Objects.requireNonNull(devices, "devices"),
          Objects.requireNonNull(images, "images"),
          image,
          Optional.ofNullable(location),
          Optional.ofNullable(board),
          Optional.ofNullable(stack),
          Objects.requireNonNull(manifest, "manifest"),
          format,
          Objects.requireNonNull(lot, "lot"),
          Optional.ofNullable(sealer),
          Optional.ofNullable(labels),
          sheet);
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
      RunSettings settings = settings();
      return new FactoryRun(
          new RunWork(settings, List.copyOf(against), problems, progress, steps),
          devices.settings() + ", lot " + lot);
    }
  }

  @Override
  public String toString() {
    return "FactoryRun[" + text + "]";
  }
}
