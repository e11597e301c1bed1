// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.factory.FactoryException.Reason;
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
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;

/**
 * The file of mode 0600 that a run has until it is complete: the seed of its keys and its settings,
 * of constant size. What is missing of a run follows from it.
 */
final class RunState implements Closeable {
  private static final int SEED_DIGITS = 2 * LotKeys.SEED_LENGTH;

  private final Path file;
  private final FileChannel channel;
  private final byte[] seed;

  private RunState(Path file, FileChannel channel, byte[] seed) {
    this.file = file;
    this.channel = channel;
    this.seed = seed;
  }

  /** Begins a run. */
  static RunState begin(Path file, String settings) throws IOException {
    byte[] seed = new byte[LotKeys.SEED_LENGTH];
    new SecureRandom().nextBytes(seed);
    byte[] text = settings.getBytes(UTF_8);
    ByteBuffer content = ByteBuffer.allocate(SEED_DIGITS + 1 + text.length);
    SecretBytes.useAndWipe(HexDigits.encode(seed), content::put).put((byte) '\n').put(text);
    SecretBytes.useAndWipe(
        content.array(),
        bytes -> {
          PrivateFiles.create(file, bytes);
          return null;
        });
    Arrays.fill(seed, (byte) 0);
    PrivateFiles.force(Objects.requireNonNull(file.toAbsolutePath().getParent(), "a folder"));
    return resume(file, settings);
  }

  /** Continues a run, whose settings have to be the same. */
  static RunState resume(Path file, String settings) throws IOException {
    FileChannel channel = open(file);
    try {
      if (channel.tryLock() == null) {
        throw inUse();
      }
      return SecretBytes.useAndWipe(
          Files.readAllBytes(file),
          content -> new RunState(file, channel, checked(content, settings)));
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw inUse();
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      throw new FactoryException(
          Reason.NOTHING_TO_RESUME, "there is no run to resume: it is complete or was not begun");
    }
  }

  private static FactoryException inUse() {
    return new FactoryException(Reason.IN_USE, "another process works on this run");
  }

  /** Returns the seed. */
  private static byte[] checked(byte[] content, String settings) throws FactoryException {
    String[] then = new String(content, UTF_8).split("\n", -1);
    String[] now = ("\n" + settings).split("\n", -1);
    if (content.length <= SEED_DIGITS
        || HexDigits.indexOfNonDigit(content, 0, SEED_DIGITS) >= 0
        || then.length != now.length) {
      throw new FactoryException(
          Reason.OTHER_SETTINGS, "the file of the run is of another release, or no such file");
    }
    for (int i = 1; i < now.length; i++) {
      if (!now[i].equals(then[i])) {
        throw new FactoryException(
            Reason.OTHER_SETTINGS,
            "the run was begun with " + then[i] + ", and is to go on with " + now[i]);
      }
    }
    return HexDigits.decode(content, 0, SEED_DIGITS);
  }

  LotKeys keys() {
    return new LotKeys(seed);
  }

  /** Ends the run: overwrites the seed, and removes the file. */
  void complete() throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(SEED_DIGITS);
    while (zeros.hasRemaining()) {
      channel.write(zeros, zeros.position());
    }
    channel.force(true);
    Files.delete(file);
  }

  @Override
  public void close() throws IOException {
    Arrays.fill(seed, (byte) 0);
    channel.close();
  }
}
