package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/** A file of 32 random bytes in hex and a line feed, for nobody but its owner. */
final class KeyFile {
  private static final int LENGTH = 32;
  private static final int MAX_CONTENT = 2 * LENGTH + 2;
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private final Path path;

  KeyFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  Path path() {
    return path;
  }

  /**
   * Makes the file unless it is there: whole or not at all, and only one of all who make it at
   * once. It is on disk before it is used, as what it wraps may reach the disk at any time then.
   */
  void createIfMissing() {
    Path folder = path.getParent();
    if (folder == null) {
      throw unusable("is a folder", null);
    }
    try {
      if (!Files.exists(path)) {
        create(folder);
      }
      force(folder);
    } catch (NoSuchFileException e) {
      throw unusable("cannot be made, as its folder does not exist", e);
    } catch (IOException | UnsupportedOperationException e) {
      throw unusable("cannot be made; 'openssl rand -hex 32' makes the content of one", e);
    }
  }

  private void create(Path folder) throws IOException {
    // Java gives a temporary file mode 0600 where there are modes.
    Path temporary = Files.createTempFile(folder, ".lwm2m-creds", ".tmp");
    byte[] content = newContent();
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
      Files.createLink(path, temporary); // unlike a move it replaces nothing
    } catch (FileAlreadyExistsException e) {
      // Somebody else was faster: theirs is the key.
    } finally {
      Arrays.fill(content, (byte) 0);
      Files.deleteIfExists(temporary);
    }
  }

  private static byte[] newContent() {
    byte[] key = AesGcm.randomBytes(LENGTH);
    ByteBuffer content = ByteBuffer.allocate(2 * LENGTH + 1);
    HexDigits.encode(key, HexFormat.of(), content);
    Arrays.fill(key, (byte) 0);
    return content.put((byte) '\n').array();
  }

  /** Makes a folder's entries durable; Windows neither allows nor needs it. */
  static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // A key file that is there can be used in a folder that may not be listed.
    }
  }

  /** Gives the key, which the caller wipes. */
  byte[] read() {
    byte[] content = new byte[0];
    try {
      requireOwnerOnly();
      try (InputStream in = Files.newInputStream(path)) {
        content = in.readNBytes(MAX_CONTENT + 1);
      }
      return parse(content);
    } catch (NoSuchFileException e) {
      throw unusable("is missing", e);
    } catch (IOException e) {
      throw unusable("cannot be read", e);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private void requireOwnerOnly() throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view != null && !OWNER.containsAll(view.readAttributes().permissions())) {
      throw new CredentialStoreException(
          Reason.FILE_MODE,
          name() + " is open to others than its owner: set its mode to 600 if nobody has read it");
    }
  }

  private byte[] parse(byte[] content) {
    int length = content.length;
    while (length > 0 && (content[length - 1] == '\n' || content[length - 1] == '\r')) {
      length--;
    }
    if (length != 2 * LENGTH
        || content.length > MAX_CONTENT
        || HexDigits.indexOfNonDigit(content, 0, length) >= 0) {
      throw unusable("does not hold the 64 hex digits of a key, and nothing else", null);
    }
    return HexDigits.decode(content, 0, length);
  }

  private CredentialStoreException unusable(String what, Exception cause) {
    return new CredentialStoreException(Reason.WRONG_KEY, name() + " " + what, cause);
  }

  private String name() {
    return "the key file '" + Printable.escape(path.toString()) + "'";
  }
}
