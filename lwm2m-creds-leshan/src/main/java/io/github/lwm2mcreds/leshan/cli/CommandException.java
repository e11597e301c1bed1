package io.github.lwm2mcreds.leshan.cli;

/** A command cannot go on: one line for people, and the exit code. */
final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The input is refused, or the command was called wrongly. */
  static CommandException refused(String message) {
    return refused(message, null);
  }

  static CommandException refused(String message, Throwable cause) {
    return new CommandException(ExitCode.REFUSED, message, cause);
  }

  /** The command was right, but could not be done. */
  static CommandException failed(String message, Throwable cause) {
    return new CommandException(ExitCode.FAILED, message, cause);
  }

  int exitCode() {
    return exitCode;
  }
}
