// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.leshan.firmware.FirmwareImageException;
import io.github.lwm2mcreds.leshan.firmware.FirmwareUpdateObject;
import io.github.lwm2mcreds.leshan.firmware.McubootImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file as the flash of a device: it holds the image that the device runs, and takes another in
 * its place when that is started.
 */
final class FirmwareSlot implements FirmwareUpdateObject.Slot {
  /** The version of a device that has no image yet. */
  private static final String NONE = "0.0.0";

  private final Path file;
  private final Path next;
  private final Events events;

  FirmwareSlot(Path file, Events events) {
    this.file = file;
    this.next = Path.of(file + ".next");
    this.events = events;
  }

  /** Returns the version in the file. */
  String runs() throws CommandException {
    try {
      return McubootImage.read(Files.readAllBytes(file)).version();
    } catch (NoSuchFileException e) {
      return NONE;
    } catch (IOException e) {
      throw Rights.reading(file, e);
    } catch (FirmwareImageException e) {
      throw CommandException.refused(InputFile.name(file) + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void store(McubootImage image, byte[] bytes) throws IOException {
    Files.write(next, bytes);
    events.print(
        "firmware-received",
        "received firmware, " + image,
        object ->
            object
                .put("version", image.version())
                .put("bytes", image.length())
                .put("sha256", image.sha256()));
  }

  @Override
  public void refused(String why) {
    events.print("firmware-refused", "refused firmware", Printable.escape(why));
  }

  @Override
  public void start(McubootImage image) throws IOException {
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    events.print(
        "firmware-started",
        "started firmware " + image.version(),
        object -> object.put("version", image.version()));
  }
}
