// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Peers;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A named pipe that has part of an input and never the rest: the process that reads it certainly
 * waits in the middle of its work until it is killed.
 */
final class PipedInput implements AutoCloseable {
  private final OutputStream open;

  private PipedInput(OutputStream open) {
    this.open = open;
  }

  /** Makes the pipe; skips the test where there is no program to do that. */
  static void make(Path pipe) throws Exception {
    Peers.require("mkfifo");
    Peers.run("mkfifo", pipe.toString(), next(pipe).toString());
  }

  private static Path next(Path pipe) {
    return pipe.resolveSibling(pipe.getFileName() + ".next");
  }

  /** Returns when the process has read the part, but for what the pipe holds. */
  static PipedInput feed(Path pipe, byte[] input, int part, long seconds) throws Exception {
    return wait(() -> begin(pipe, input, part), seconds);
  }

  /** Feeds all of it to the process, which reads it twice, and the second time only the part. */
  static PipedInput feedTwice(Path pipe, byte[] input, int part, long seconds) throws Exception {
    return wait(
        () -> {
          try (OutputStream first = Files.newOutputStream(pipe)) { // waits for a reader
            first.write(input);
            // before the first ends, so that it is opened next
            Files.move(next(pipe), pipe, StandardCopyOption.REPLACE_EXISTING);
          }
          return begin(pipe, input, part);
        },
        seconds);
  }

  private static OutputStream begin(Path pipe, byte[] input, int part) throws IOException {
    OutputStream out = Files.newOutputStream(pipe);
    out.write(input, 0, part);
    return out;
  }

  private interface Feeding {
    OutputStream run() throws IOException;
  }

  private static PipedInput wait(Feeding feeding, long seconds) throws Exception {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return new PipedInput(feeding.run());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .get(seconds, TimeUnit.SECONDS);
  }

  /** Ends the input, when its reader is no more. */
  @Override
  public void close() throws IOException {
    open.close();
  }
}
