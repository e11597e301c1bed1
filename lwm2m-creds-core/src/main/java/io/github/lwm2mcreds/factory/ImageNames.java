// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.partition.FlashImage;

/** The names of images: the endpoint, where what is not plain in a file name is {@code %XX}. */
final class ImageNames {
  private ImageNames() {}

  static String of(String endpoint, FlashImage.Format format) {
    StringBuilder name = new StringBuilder();
    for (byte b : endpoint.getBytes(UTF_8)) {
      boolean isPlain =
          b >= '0' && b <= '9'
              || b >= 'a' && b <= 'z'
              || b >= 'A' && b <= 'Z'
              || b == '-'
              || b == '_'
              || b == '.' && name.length() > 0;
      if (isPlain) {
        name.append((char) b);
      } else {
        name.append('%')
            .append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)))
            .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
      }
    }
    return name.append(format == FlashImage.Format.HEX ? ".hex" : ".bin").toString();
  }
}
