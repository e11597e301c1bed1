// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.leshan.provisioning.AccessList;
import io.github.lwm2mcreds.store.internal.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import picocli.CommandLine.Option;

/** The access file that a command works on. */
final class AccessOption {
  @Option(
      names = "--file",
      required = true,
      paramLabel = "FILE",
      description =
          "The access file, such as fleet.db.access beside fleet.db, where 'serve' looks for it.")
  private Path file;

  private static final Set<StandardOpenOption> LOCK_OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);

  Path file() {
    return file;
  }

  /** Reads the file. */
  AccessList read() throws CommandException {
    try {
      return AccessList.read(file);
    } catch (IllegalArgumentException e) {
      throw CommandException.refused(e.getMessage(), e);
    } catch (IOException e) {
      throw Rights.reading(file, e);
    }
  }

  /** Reads the file; nobody has access if it is not there yet. */
  AccessList readOrBegin() throws CommandException {
    return Files.exists(file) ? read() : AccessList.empty();
  }

  void write(AccessList list) throws CommandException {
    try {
      list.write(file);
    } catch (IOException e) {
      throw Rights.writing(file, e);
    }
  }

  /** What a command does with the file. */
  interface Step {
    void run() throws CommandException;
  }

  /** Takes a step from reading to writing that no other command gets in between. */
  void locked(Step step) throws CommandException {
    Path lock = Path.of(file + ".lock");
    synchronized (AccessOption.class) { // locks are those of a process
      try (FileChannel channel = FileChannel.open(lock, LOCK_OPTIONS, PrivateFiles.ownerOnly())) {
        channel.lock(); // until it is closed; the file stays, as another may wait for it
        step.run();
      } catch (IOException e) {
        throw Rights.writing(lock, e);
      }
    }
  }
}
