// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.leshan.firmware.FirmwareImageException;
import io.github.lwm2mcreds.leshan.firmware.FirmwarePush;
import io.github.lwm2mcreds.leshan.firmware.McubootImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.leshan.server.LeshanServer;
import picocli.CommandLine.Option;

/** Which firmware a server pushes to which devices, if any. */
final class FirmwareOptions {
  private static final String ALL = "all";

  @Option(
      names = "--firmware",
      paramLabel = "FILE",
      description =
          "Push this firmware image (MCUboot, as imgtool makes it) to devices that register with"
              + " object 5 and another version, over their DTLS session. Needs --firmware-for.")
  private Path file;

  @Option(
      names = "--firmware-for",
      arity = "1..*",
      paramLabel = "ENDPOINT",
      description = "The devices that get it; 'all' for all that register.")
  private List<String> endpoints = List.of();

  private byte[] bytes;

  /** Reads the image, so that a bad one is refused before anything starts. */
  void check() throws CommandException {
    if ((file == null) != endpoints.isEmpty()) {
      throw CommandException.refused("--firmware and --firmware-for need each other");
    }
    if (file != null) {
      bytes = read(file);
    }
  }

  private static byte[] read(Path file) throws CommandException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(McubootImage.MAX_LENGTH + 1);
      if (bytes.length > McubootImage.MAX_LENGTH) {
        throw CommandException.refused(
            InputFile.name(file) + " has more than " + McubootImage.MAX_LENGTH + " bytes");
      }
      McubootImage.read(bytes);
      return bytes;
    } catch (IOException e) {
      throw Rights.reading(file, e);
    } catch (FirmwareImageException e) {
      throw CommandException.refused(InputFile.name(file) + ": " + e.getMessage(), e);
    }
  }

  /** Has a server push the image, if there is one. */
  Optional<FirmwarePush> addTo(LeshanServer server, Events events) throws CommandException {
    if (file == null) {
      return Optional.empty();
    }
    Set<String> wanted = Set.copyOf(endpoints);
    try {
      FirmwarePush push =
          FirmwarePush.of(
              server,
              bytes,
              endpoint -> wanted.contains(ALL) || wanted.contains(endpoint),
              new Told(events));
      server.getRegistrationService().addListener(push);
      return Optional.of(push);
    } catch (FirmwareImageException e) {
      throw CommandException.refused(InputFile.name(file) + ": " + e.getMessage(), e);
    }
  }

  /** Prints what becomes of it. */
  private record Told(Events events) implements FirmwarePush.Observer {
    @Override
    public void begun(String endpoint, String version) {
      events.print(
          "firmware-begun",
          "pushing firmware to "
              + Printable.escape(endpoint)
              + ", which runs "
              + Printable.escape(version),
          object -> object.put("endpoint", endpoint).put("runs", version));
    }

    @Override
    public void pushed(String endpoint) {
      print("firmware-pushed", "firmware is whole and started on ", endpoint);
    }

    @Override
    public void current(String endpoint) {
      print("firmware-current", "firmware is there already on ", endpoint);
    }

    private void print(String event, String text, String endpoint) {
      events.print(
          event, text + Printable.escape(endpoint), object -> object.put("endpoint", endpoint));
    }

    @Override
    public void failed(String endpoint, String why) {
      events.print(
          "firmware-failed",
          "firmware not on " + Printable.escape(endpoint) + ": " + Printable.escape(why),
          object -> object.put("endpoint", endpoint).put("message", why));
    }
  }
}
