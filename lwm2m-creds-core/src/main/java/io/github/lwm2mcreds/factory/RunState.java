// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.KeyRandom;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.factory.FactoryException.Reason;
import io.github.lwm2mcreds.manifest.Lot;
import io.github.lwm2mcreds.store.internal.PrivateFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of mode 0600 that a run has until it is complete: the seed of its keys, its settings and
 * a line {@code end}. What is missing of a run follows from it. When nothing is missing, a line
 * with the result is added, then the seed is overwritten, and then the file removed.
 *
 * <p>A file without its end is of a run that was stopped before it made anything.
 */
final class RunState implements Closeable {
  private static final int SEED_DIGITS = 2 * LotKeys.SEED_LENGTH;
  private static final String END = "\nend\n";
  private static final Pattern COMPLETE =
      Pattern.compile("complete ([0-9]{1,18}) ([0-9a-f]{64})\n");

  private final Path file;
  private final FileChannel channel;
  private final byte[] seed;
  private final String settings;
  private final Optional<MatchResult> result;

  private RunState(
      Path file, FileChannel channel, String settings, byte[] seed, Optional<MatchResult> result) {
    this.file = file;
    this.channel = channel;
    this.settings = settings;
    this.seed = seed;
    this.result = result;
  }

  /** Checks that there is room for a run. */
  interface Room {
    void check() throws IOException;
  }

  /** Checks that no run is unfinished. */
  static void requireNone(Path file) throws IOException {
    if (Files.exists(file)) {
      byte[] content = Files.readAllBytes(file);
      if (!SecretBytes.useAndWipe(content, RunState::isTorn)) {
        throw unfinished(file);
      }
    }
  }

  /** Returns whether a file is the beginning of a state, with which nothing was made yet. */
  private static boolean isTorn(byte[] content) {
    int digits = Math.min(content.length, SEED_DIGITS);
    return HexDigits.indexOfNonDigit(content, 0, digits) < 0
        && (content.length == digits || content[digits] == '\n')
        && !hasEnd(content);
  }

  private static boolean hasEnd(byte[] content) {
    return content.length > SEED_DIGITS && text(content).contains(END);
  }

  /** Returns what stands behind the seed. */
  private static String text(byte[] content) {
    return new String(content, SEED_DIGITS, content.length - SEED_DIGITS, UTF_8);
  }

  private static FactoryException unfinished(Path file) {
    return new FactoryException(
        Reason.UNFINISHED_RUN,
        "a run for this manifest was stopped: resume it, or remove '"
            + file.getFileName()
            + "' and its images");
  }

  /** Begins a run, if there is room while nobody else can begin one. */
  static RunState begin(Path file, String settings, Room room) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PrivateFiles.ownerOnly());
    try {
      lock(channel);
      if (!SecretBytes.useAndWipe(read(channel), RunState::isTorn)) {
        throw unfinished(file);
      }
      try {
        room.check();
      } catch (IOException e) {
        Files.deleteIfExists(file);
        throw e;
      }
      byte[] seed = new byte[LotKeys.SEED_LENGTH];
      KeyRandom.fill(seed);
      channel.truncate(0);
      SecretBytes.useAndWipe(HexDigits.encode(seed), digits -> write(channel, digits, 0));
      write(channel, ("\n" + settings + END).getBytes(UTF_8), SEED_DIGITS);
      PrivateFiles.force(Objects.requireNonNull(file.toAbsolutePath().getParent(), "a folder"));
      return new RunState(file, channel, settings, seed, Optional.empty());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Continues a run, whose settings have to be the same. */
  static RunState resume(Path file, String settings) throws IOException {
    FileChannel channel = open(file);
    try {
      lock(channel);
      return SecretBytes.useAndWipe(
          read(channel), content -> resumed(file, channel, content, settings));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      throw nothing();
    }
  }

  private static FactoryException nothing() {
    return new FactoryException(
        Reason.NOTHING_TO_RESUME, "there is no run to resume: it is complete or was not begun");
  }

  private static void lock(FileChannel channel) throws IOException {
    boolean isFree;
    try {
      isFree = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      isFree = false;
    }
    if (!isFree) {
      throw new FactoryException(Reason.IN_USE, "another process works on this run");
    }
  }

  /** Reads through the channel: to open and close the file once more would end the lock (POSIX). */
  private static byte[] read(FileChannel channel) throws IOException {
    ByteBuffer content = ByteBuffer.allocate((int) Math.min(channel.size(), 1 << 20));
    while (content.hasRemaining() && channel.read(content, content.position()) >= 0) {
      // the next part
    }
    return content.array();
  }

  private static Void write(FileChannel channel, byte[] bytes, long at) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer, at + buffer.position());
    }
    channel.force(true);
    return null;
  }

  private static RunState resumed(Path file, FileChannel channel, byte[] content, String settings)
      throws FactoryException {
    if (!hasEnd(content)) {
      throw isTorn(content) ? nothing() : foreign();
    }
    String expected = "\n" + settings + END;
    String found = text(content);
    if (!found.startsWith(expected)) {
      throw otherSettings(found, expected);
    }
    Matcher complete = COMPLETE.matcher(found.substring(expected.length()));
    boolean isComplete = complete.matches();
    if (!isComplete && HexDigits.indexOfNonDigit(content, 0, SEED_DIGITS) >= 0) {
      throw foreign();
    }
    return isComplete
        ? new RunState(file, channel, settings, new byte[0], Optional.of(complete))
        : new RunState(
            file, channel, settings, HexDigits.decode(content, 0, SEED_DIGITS), Optional.empty());
  }

  private static FactoryException foreign() {
    return new FactoryException(
        Reason.OTHER_SETTINGS, "the file of the run is of another release, or no such file");
  }

  private static FactoryException otherSettings(String found, String expected) {
    String[] then = found.split("\n", -1);
    String[] now = expected.split("\n", -1);
    for (int i = 1; i < Math.min(then.length, now.length); i++) {
      if (!now[i].equals(then[i])) {
        return new FactoryException(
            Reason.OTHER_SETTINGS,
            "the run was begun with " + then[i] + ", and is to go on with " + now[i]);
      }
    }
    return foreign();
  }

  /** Returns what was made, if nothing is missing any more and the seed may be gone. */
  Optional<FactoryReport> result(String lot) {
    return result.map(
        line -> {
          long count = Long.parseLong(line.group(1));
          return new FactoryReport(count, new Lot(lot, count, line.group(2)));
        });
  }

  LotKeys keys() {
    return new LotKeys(seed);
  }

  /** Ends the run, all of which is on disk. */
  void complete(FactoryReport report, RunSteps steps) throws IOException {
    if (result.isEmpty()) {
      String line = "complete " + report.devices() + " " + report.lot().sha256() + "\n";
      int end = ("\n" + settings + END).getBytes(UTF_8).length;
      write(channel, line.getBytes(UTF_8), SEED_DIGITS + end); // over what a stop left of it
      steps.reached("result");
    }
    write(channel, new byte[SEED_DIGITS], 0);
    steps.reached("overwritten");
    Files.delete(file);
    steps.reached("removed");
  }

  @Override
  public void close() throws IOException {
    Arrays.fill(seed, (byte) 0);
    channel.close();
  }
}
