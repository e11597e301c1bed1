// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.migration.NotTaken.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The file of Leshan's {@code FileSecurityStore}, of Leshan 1.x and 2.x. No Leshan is needed for
 * it, and none of its classes is loaded: the file is read as data, and refused if it holds objects
 * of any other class.
 */
public final class LeshanStoreFile implements CredentialSource {
  private static final String OLDER = "org.eclipse.leshan.server.security.SecurityInfo";
  private static final String NEWER = "org.eclipse.leshan.servers.security.SecurityInfo";
  private static final Set<String> INFOS = Set.of(OLDER, NEWER);
  private static final Set<String> ARRAYS = Set.of("[L" + OLDER + ";", "[L" + NEWER + ";");

  private static final Set<String> ALLOWED =
      Set.of(
          OLDER,
          NEWER,
          "[L" + OLDER + ";",
          "[L" + NEWER + ";",
          "org.eclipse.leshan.core.oscore.OscoreSetting",
          "org.eclipse.leshan.core.oscore.AeadAlgorithm",
          "org.eclipse.leshan.core.oscore.HkdfAlgorithm",
          // Public keys: the JDK's, and those of servers that have Bouncy Castle in front of it.
          "java.security.KeyRep",
          "java.security.KeyRep$Type",
          "java.lang.Enum",
          "org.bouncycastle.jcajce.provider.asymmetric.ec.BCECPublicKey");

  private final SerialReader reader;
  private final EntryMaker maker;
  private final int count;
  private int read;

  private LeshanStoreFile(InputStream in, KeyPolicy policy) throws IOException {
    this.maker = new EntryMaker(policy);
    this.reader = new SerialReader(in, ALLOWED);
    this.count = reader.beginArray(ARRAYS);
  }

  /**
   * Opens a file.
   *
   * @param file such as {@code data/security.data}
   * @param policy the keys that are taken
   * @return the infos in the file, to be closed
   * @throws SourceException if it is no such file, or holds what no such file holds
   * @throws IOException if it cannot be read
   */
  public static LeshanStoreFile open(Path file, KeyPolicy policy) throws IOException {
    return of(Files.newInputStream(file), policy);
  }

  static LeshanStoreFile of(InputStream in, KeyPolicy policy) throws IOException {
    try {
      return new LeshanStoreFile(in, policy);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  @Override
  public Optional<SourceEntry> next() throws IOException {
    if (read == count) {
      reader.end();
      return Optional.empty();
    }
    SerialObject info = reader.next();
    read++;
    return Optional.of(entry(read, info));
  }

  private SourceEntry entry(long number, SerialObject info) {
    if (info == null || !INFOS.contains(info.className())) {
      return EntryMaker.notTaken(number, null, Reason.MALFORMED, "it is no security info");
    }
    String endpoint = info.text("endpoint");
    byte[] key = info.bytes("preSharedKey");
    List<String> others = otherModes(info);
    if (!others.isEmpty()) {
      String named = String.join(" and ", others);
      return key == null
          ? EntryMaker.otherMode(number, endpoint, named)
          : EntryMaker.mixedModes(number, endpoint, named);
    }
    String identity = info.text(info.has("identity") ? "identity" : "pskIdentity");
    if (key == null || identity == null) {
      return EntryMaker.notTaken(
          number, endpoint, Reason.NO_KEY, "it has no " + (key == null ? "key" : "PSK identity"));
    }
    return maker.entry(
        number, endpoint, () -> PskIdentity.of(identity), () -> PreSharedKey.copyOf(key));
  }

  private static List<String> otherModes(SerialObject info) {
    List<String> modes = new ArrayList<>();
    if (info.has("rawPublicKey")) {
      modes.add("a raw public key");
    }
    if (info.isTrue("useX509Cert")) {
      modes.add("an X.509 certificate");
    }
    if (info.has("oscoreSetting")) {
      modes.add("OSCORE");
    }
    return modes;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
