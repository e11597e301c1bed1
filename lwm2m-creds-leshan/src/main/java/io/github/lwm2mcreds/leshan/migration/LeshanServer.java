// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.leshan.migration.NotTaken.Reason;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import io.github.lwm2mcreds.leshan.rest.SecurityApiException;
import io.github.lwm2mcreds.leshan.rest.SecurityEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What a running Leshan server of 1.x or 2.x lists in its security API. The list is read as a whole
 * when it is opened.
 */
public final class LeshanServer implements CredentialSource {
  private final Deque<SecurityEntry> entries;
  private final EntryMaker maker;
  private long read;

  private LeshanServer(Deque<SecurityEntry> entries, KeyPolicy policy) {
    this.entries = entries;
    this.maker = new EntryMaker(policy);
  }

  /**
   * Reads a server's list.
   *
   * @param server the server
   * @param policy the keys that are taken
   * @return its entries, to be closed
   * @throws SourceException if the server cannot be reached, or does not answer as Leshan does
   */
  public static LeshanServer open(LeshanSecurityApi server, KeyPolicy policy)
      throws SourceException {
    try {
      return new LeshanServer(new ArrayDeque<>(server.list()), policy);
    } catch (SecurityApiException e) {
      throw new SourceException(SourceException.Reason.UNAVAILABLE, e.getMessage(), e);
    }
  }

  @Override
  public Optional<SourceEntry> next() {
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    SecurityEntry entry = entries.remove();
    read++;
    try {
      return Optional.of(entry(read, entry));
    } finally {
      entry.destroy();
    }
  }

  private SourceEntry entry(long number, SecurityEntry entry) {
    String endpoint = entry.endpoint();
    return switch (entry.mode()) {
      case RPK -> EntryMaker.otherMode(number, endpoint, "a raw public key");
      case X509 -> EntryMaker.otherMode(number, endpoint, "an X.509 certificate");
      case OSCORE -> EntryMaker.otherMode(number, endpoint, "OSCORE");
      case OTHER -> EntryMaker.otherMode(number, endpoint, "an unknown mode");
      case PSK -> psk(number, entry);
    };
  }

  private SourceEntry psk(long number, SecurityEntry entry) {
    if (entry.psk().isEmpty() && entry.checkValue().isPresent()) {
      return EntryMaker.notTaken(
          number,
          entry.endpoint(),
          Reason.NO_KEY,
          "the server gives no keys, and this has to come from where it was made");
    }
    if (entry.pskIdentity().isEmpty() || entry.psk().isEmpty()) {
      return EntryMaker.notTaken(
          number,
          entry.endpoint(),
          Reason.INVALID_VALUE,
          "its "
              + (entry.psk().isEmpty() ? "key" : "PSK identity")
              + " is empty, too long or not well-formed");
    }
    return maker.entry(
        number,
        entry.endpoint(),
        () -> entry.pskIdentity().get(),
        () -> SecretBytes.useAndWipe(entry.psk().get().exposeBytes(), PreSharedKey::copyOf));
  }

  /** Destroys the keys that were not handed out. */
  @Override
  public void close() {
    entries.forEach(SecurityEntry::destroy);
    entries.clear();
  }
}
