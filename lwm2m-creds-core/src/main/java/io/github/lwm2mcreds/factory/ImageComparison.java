// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.partition.FirmwareView;
import io.github.lwm2mcreds.partition.FlashImage;
import io.github.lwm2mcreds.partition.FlashImageException;
import io.github.lwm2mcreds.partition.PartitionLocation;
import io.github.lwm2mcreds.store.internal.CompactTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Compares images, or flash that was read back, with the devices that a store, a server or a
 * manifest has. Each image is decoded as the firmware does. Keys are compared by check value, and
 * if that is the same, as a whole.
 *
 * <p>In memory are the images' endpoints, keys and names, about 150 bytes for each; the other side
 * is read as a stream.
 */
public final class ImageComparison {
  private static final int KEY_LENGTH = 16;
  private static final int MAX_NAME = 200;

  private final Optional<PartitionLocation> location;
  private final Consumer<ImageResult> report;
  private final CompactTable images = new CompactTable();
  private final Map<ImageOutcome, Long> counts = new EnumMap<>(ImageOutcome.class);

  private ImageComparison(Optional<PartitionLocation> location, Consumer<ImageResult> report) {
    this.location = location;
    this.report = report;
  }

  /** An image that has an endpoint: what is said of it if nothing else is, its key and its name. */
  private record Found(ImageOutcome outcome, byte[] key, String file) {
    byte[] toBytes() {
      byte[] name = file.getBytes(UTF_8);
      byte[] value = new byte[1 + KEY_LENGTH + Math.min(name.length, MAX_NAME)];
      value[0] = (byte) outcome.ordinal();
      System.arraycopy(key, 0, value, 1, KEY_LENGTH);
      System.arraycopy(name, 0, value, 1 + KEY_LENGTH, value.length - 1 - KEY_LENGTH);
      return value;
    }

    static Found of(byte[] value) {
      return SecretBytes.useAndWipe(
          value,
          bytes ->
              new Found(
                  ImageOutcome.values()[bytes[0]],
                  Arrays.copyOfRange(bytes, 1, 1 + KEY_LENGTH),
                  new String(bytes, 1 + KEY_LENGTH, bytes.length - 1 - KEY_LENGTH, UTF_8)));
    }

    /** Returns the key that the device uses, for the caller to destroy. */
    Optional<PreSharedKey> psk() {
      return outcome == ImageOutcome.WOULD_NOT_START
          ? Optional.empty()
          : Optional.of(PreSharedKey.copyOf(key));
    }

    void wipe() {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * Compares images with the devices that are expected.
   *
   * @param images a folder, a zip file, or a file with one image
   * @param location where the partition is in flash; empty if the images need no location
   * @param expected the devices on the other side
   * @param report called for each device, with those whose image has no endpoint first
   * @return how many devices have each outcome; a copy
   * @throws FactoryException if a manifest has bad rows or is not complete; all others were
   *     reported
   * @throws IOException if one side cannot be read
   */
  public static Map<ImageOutcome, Long> compare(
      Path images,
      Optional<PartitionLocation> location,
      Fleet expected,
      Consumer<ImageResult> report)
      throws IOException {
    ImageComparison comparison =
        new ImageComparison(location, Objects.requireNonNull(report, "report"));
    ImageFiles.forEach(images, comparison::read);
    try {
      expected.forEach(comparison::compare);
    } catch (FactoryException e) { // of a manifest that was read to its end
      comparison.reportRest();
      throw e;
    }
    comparison.reportRest();
    return new EnumMap<>(comparison.counts);
  }

  private void read(String name, byte[] content) {
    try {
      if (content == null) {
        throw new IllegalArgumentException("it is too large for an image");
      }
      byte[] partition =
          location.isPresent()
              ? FlashImage.decode(content, location.get())
              : FlashImage.decode(content);
      FirmwareView firmware = SecretBytes.useAndWipe(partition, FirmwareView::of);
      read(name, firmware);
      firmware.destroy();
    } catch (FlashImageException | IllegalArgumentException e) {
      report(
          new ImageResult(
              ImageOutcome.UNREADABLE,
              Optional.empty(),
              Optional.empty(),
              Optional.of(name),
              Optional.of(e.getMessage())));
    }
  }

  private void read(String name, FirmwareView firmware) {
    Optional<PreSharedKey> psk = firmware.psk();
    String checkValue = psk.map(key -> key.checkValue().toString()).orElse(null);
    String endpoint = firmware.endpointName("");
    if (endpoint.isEmpty()) {
      report(ImageOutcome.NO_ENDPOINT, null, checkValue, name);
    } else if (find(endpoint).isPresent()) {
      report(ImageOutcome.SAME_ENDPOINT, endpoint, checkValue, name);
    } else {
      byte[] key = psk.map(PreSharedKey::exposeBytes).orElse(new byte[KEY_LENGTH]);
      Found found = new Found(outcome(firmware), key, name);
      SecretBytes.useAndWipe(
          found.toBytes(),
          value -> {
            images.put(endpoint, PskIdentity.of(endpoint), value);
            return null;
          });
      found.wipe();
    }
  }

  private static ImageOutcome outcome(FirmwareView firmware) {
    return switch (firmware.keySource()) {
      case BUILT_IN -> ImageOutcome.BUILT_IN_KEY;
      case NONE -> ImageOutcome.WOULD_NOT_START;
      case PARTITION -> ImageOutcome.MISSING_THERE;
    };
  }

  private Optional<Found> find(String endpoint) {
    return Optional.ofNullable(
        images.findByEndpoint(endpoint, (name, identity, value) -> Found.of(value)));
  }

  private void compare(FleetDevice device) {
    Optional<Found> found = find(device.endpoint());
    if (found.isEmpty()) {
      String checkValue = device.checkValue().map(Object::toString).orElse(null);
      report(ImageOutcome.MISSING_HERE, device.endpoint(), checkValue, null);
      return;
    }
    images.remove(device.endpoint());
    ImageOutcome outcome = found.get().outcome();
    if (outcome == ImageOutcome.MISSING_THERE) {
      outcome = isSame(found.get(), device) ? ImageOutcome.MATCH : ImageOutcome.DIFFERS;
    }
    report(outcome, device.endpoint(), found.get());
  }

  private static boolean isSame(Found found, FleetDevice device) {
    PreSharedKey key = PreSharedKey.copyOf(found.key());
    try {
      boolean mayBe =
          device.checkValue().filter(key.checkValue()::equals).isPresent()
              && device.pskIdentity().filter(id -> isEndpoint(id, device)).isPresent();
      Optional<DeviceCredential> opened = mayBe ? device.opening().get() : Optional.empty();
      boolean isSame = opened.filter(there -> there.psk().equals(key)).isPresent();
      opened.ifPresent(DeviceCredential::destroy);
      return isSame;
    } finally {
      key.destroy();
    }
  }

  private static boolean isEndpoint(PskIdentity identity, FleetDevice device) {
    return identity.asString().equals(device.endpoint());
  }

  /** Reports the images of devices that were not expected. */
  private void reportRest() {
    try (Stream<Map.Entry<String, Found>> rest =
        images.stream((endpoint, identity, value) -> Map.entry(endpoint, Found.of(value)))) {
      Iterator<Map.Entry<String, Found>> each = rest.iterator();
      while (each.hasNext()) {
        Map.Entry<String, Found> next = each.next();
        report(next.getValue().outcome(), next.getKey(), next.getValue());
      }
    }
  }

  private void report(ImageOutcome outcome, String endpoint, Found found) {
    Optional<PreSharedKey> key = found.psk();
    report(outcome, endpoint, key.map(k -> k.checkValue().toString()).orElse(null), found.file());
    key.ifPresent(PreSharedKey::destroy);
    found.wipe();
  }

  private void report(ImageOutcome outcome, String endpoint, String checkValue, String file) {
    report(
        new ImageResult(
            outcome,
            Optional.ofNullable(endpoint),
            Optional.ofNullable(checkValue),
            Optional.ofNullable(file),
            Optional.empty()));
  }

  private void report(ImageResult result) {
    counts.merge(result.outcome(), 1L, Long::sum);
    report.accept(result);
  }
}
