// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.util.ArrayList;
import java.util.List;

/** Commands with an argument that Java may not be able to pass, as it depends on the locale. */
final class Shell {
  private Shell() {}

  /** Returns a command that has the bytes, of which none is NUL, as its last argument. */
  static List<String> withLast(byte[] last, List<String> command) {
    StringBuilder escaped = new StringBuilder();
    for (byte each : last) {
      escaped.append(String.format("\\%03o", each & 0xff));
    }
    List<String> all = new ArrayList<>(List.of("sh", "-c"));
    all.add("last=$(printf \"$0\"); exec \"$@\" \"$last\"");
    all.add(escaped.toString());
    all.addAll(command);
    return all;
  }
}
