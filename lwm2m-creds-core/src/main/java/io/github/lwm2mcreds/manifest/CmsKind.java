// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The kinds of CMS message that are read here. This class can be loaded without Bouncy Castle. */
enum CmsKind {
  SIGNED("06092a864886f70d010702"),
  ENVELOPED("06092a864886f70d010703"),
  AUTH_ENVELOPED("060b2a864886f70d0109100117");

  private static final int HEAD = 64; // a tag, a length and an object identifier
  private static final int SEQUENCE = 0x30;

  private final byte[] type;

  CmsKind(String type) {
    this.type = HexFormat.of().parseHex(type);
  }

  boolean isSealed() {
    return this != SIGNED;
  }

  /** Returns what a stream begins with, without moving it; empty if it is something else. */
  static Optional<CmsKind> of(BufferedInputStream in) throws IOException {
    in.mark(HEAD);
    byte[] head = in.readNBytes(HEAD);
    in.reset();
    return Arrays.stream(values()).filter(kind -> kind.isIn(head, start(head))).findFirst();
  }

  private boolean isIn(byte[] head, int at) {
    int end = at + type.length;
    return at > 0 && end <= head.length && Arrays.equals(head, at, end, type, 0, type.length);
  }

  /** Returns where the first element of a sequence begins; 0 if there is no sequence. */
  private static int start(byte[] head) {
    if (head.length < 2 || head[0] != SEQUENCE) {
      return 0;
    }
    return 2 + (head[1] < 0 ? head[1] & 0x7f : 0); // a long length has its own length first
  }
}
