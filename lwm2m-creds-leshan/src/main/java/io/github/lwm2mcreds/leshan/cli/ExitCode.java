// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import java.util.List;

/** The exit codes of the process; scripts rely on them. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int REFUSED = 2;
  static final int FINDINGS = 3;

  private ExitCode() {}

  /** Returns the one that counts more: what cannot be read counts more than findings elsewhere. */
  static int worse(int a, int b) {
    List<Integer> order = List.of(DONE, FINDINGS, REFUSED, FAILED);
    return order.indexOf(a) > order.indexOf(b) ? a : b;
  }
}
