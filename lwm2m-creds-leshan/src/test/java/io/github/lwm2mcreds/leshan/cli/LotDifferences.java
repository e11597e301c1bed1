// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FlashImage;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** One of each kind of mistake that the images of a lot can have. */
final class LotDifferences {
  /** How many devices of the lot do not match then. */
  static final int DEVICES = 4;

  private static final PartitionLocation LOCATION = new PartitionLocation(0x7f000, 0x1000);

  private final FileSystem zip;
  private final List<String> planted = new ArrayList<>();

  private LotDifferences(FileSystem zip) {
    this.zip = zip;
  }

  /**
   * Plants them.
   *
   * @param images a zip file of Intel HEX images
   * @param endpoints of the lot, by number
   * @return for each, what it is called, and the endpoint or else the file
   */
  static List<String> plant(Path images, IntFunction<String> endpoints) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(images)) {
      LotDifferences differences = new LotDifferences(zip);
      differences.change(endpoints);
      differences.add(endpoints);
      return differences.planted;
    }
  }

  static String image(String endpoint) {
    return endpoint.replace(":", "%3A") + ".hex";
  }

  private void change(IntFunction<String> endpoints) throws IOException {
    String other = endpoints.apply(1);
    write("differs " + other, image(other), partition(other, TestStore.TOKEN));

    String missing = endpoints.apply(2);
    Files.delete(zip.getPath(image(missing)));
    planted.add("missing-here " + missing);

    String erased = endpoints.apply(3);
    byte[] withoutToken = partition(erased, TestStore.TOKEN);
    Arrays.fill(withoutToken, 33, 66, (byte) 0xff);
    write("built-in-key " + erased, image(erased), withoutToken);

    String cut = endpoints.apply(4);
    byte[] withShortToken = partition(cut, TestStore.TOKEN.substring(1));
    write("would-not-start " + cut, image(cut), withShortToken);
  }

  private void add(IntFunction<String> endpoints) throws IOException {
    write("missing-there stranger", "stranger.hex", partition("stranger", TestStore.TOKEN));
    String twice = endpoints.apply(5);
    write("same-endpoint " + twice, "zz-copy.hex", partition(twice, TestStore.TOKEN));
    byte[] erased = new byte[66];
    Arrays.fill(erased, (byte) 0xff);
    write("no-endpoint erased.hex", "erased.hex", erased);
    Files.writeString(zip.getPath("noise.hex"), ":00000001F\n");
    planted.add("unreadable noise.hex");
  }

  private static byte[] partition(String endpoint, String token) {
    return CredentialPartition.encodeUnchecked(
        endpoint.getBytes(US_ASCII), token.getBytes(US_ASCII));
  }

  private void write(String what, String name, byte[] partition) throws IOException {
    Files.write(zip.getPath(name), FlashImage.encode(FlashImage.Format.HEX, partition, LOCATION));
    planted.add(what);
  }
}
