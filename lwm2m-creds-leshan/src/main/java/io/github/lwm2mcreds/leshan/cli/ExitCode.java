// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

/** The exit codes of the process; scripts rely on them. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int REFUSED = 2;
  static final int FINDINGS = 3;

  private ExitCode() {}
}
