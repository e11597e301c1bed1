package io.github.lwm2mcreds.store;

import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Mode 0600, where the file system has modes; elsewhere a file has its folder's rights. */
final class PrivateMode {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.copyOf(EnumSet.of(OWNER_READ, OWNER_WRITE));

  private PrivateMode() {}

  private static boolean hasModes() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  /** For a file that is to be made. */
  static FileAttribute<?>[] attributes() {
    return hasModes()
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  /** Refuses a file that others than its owner may read or write. */
  static void require(Path file) {
    if (!hasModes()) {
      return;
    }
    String name = Printable.escape(file.toString());
    try {
      Set<PosixFilePermission> found = EnumSet.noneOf(PosixFilePermission.class);
      found.addAll(Files.getPosixFilePermissions(file));
      found.remove(PosixFilePermission.OWNER_EXECUTE);
      if (!OWNER_ONLY.containsAll(found)) {
        throw new CredentialStoreException(
            Reason.FILE_MODE,
            name
                + " has mode "
                + PosixFilePermissions.toString(found)
                + ", so others than its owner may use it: chmod 600 "
                + name);
      }
    } catch (IOException e) {
      throw new CredentialStoreException(
          Reason.UNAVAILABLE, "the mode of " + name + " cannot be read", e);
    }
  }
}
