// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

/** Ends a command with one line for people and an exit code. */
final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** Creates the exception for input that is refused or a command that is called wrongly. */
  static CommandException refused(String message) {
    return refused(message, null);
  }

  static CommandException refused(String message, Throwable cause) {
    return new CommandException(ExitCode.REFUSED, message, cause);
  }

  /** Creates the exception for a correct command that fails. */
  static CommandException failed(String message, Throwable cause) {
    return new CommandException(ExitCode.FAILED, message, cause);
  }

  /** Returns the same with the name of a file before the message, unless that begins with it. */
  CommandException about(String name) {
    return getMessage().startsWith(name + ": ")
        ? this
        : new CommandException(exitCode, name + ": " + getMessage(), this);
  }

  int exitCode() {
    return exitCode;
  }
}
