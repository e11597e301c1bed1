package io.github.lwm2mcreds.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Which identities a derived key was given for, and which key, by its check value: no more of them
 * than a limit, as strangers make identities up. Remembering one that is known takes no lock.
 */
final class HandedOutKeys {
  /** A key that was given for an identity. */
  record HandedOut(String endpoint, PskIdentity pskIdentity, String checkValue) {
    boolean isKeyOf(DeviceCredential credential) {
      return checkValue.equals(credential.psk().checkValue().toString());
    }
  }

  private final CompactTable table = new CompactTable();
  private final int limit;
  private volatile boolean complete = true;

  HandedOutKeys(int limit) {
    this.limit = limit;
  }

  void add(DeviceCredential credential) {
    byte[] identity = credential.pskIdentity().toBytes();
    if (table.valueOfIdentity(identity) != null) {
      return;
    }
    // A record's key is the identity, as an endpoint may have several; its endpoint begins it.
    byte[] checkValue = credential.psk().checkValue().toString().getBytes(US_ASCII);
    byte[] value =
        ByteBuffer.allocate(1 + checkValue.length)
            .put((byte) credential.endpoint().length())
            .put(checkValue)
            .array();
    synchronized (table) {
      if (table.size() < limit) {
        table.put(identity, identity, value);
      } else {
        complete = false;
      }
    }
  }

  void remove(PskIdentity pskIdentity) {
    synchronized (table) {
      table.remove(pskIdentity.toBytes());
    }
  }

  boolean mayContain(PskIdentity pskIdentity) {
    return !complete || table.valueOfIdentity(pskIdentity.toBytes()) != null;
  }

  /** Whether none had to be left out. */
  boolean isComplete() {
    return complete;
  }

  Stream<HandedOut> stream() {
    Iterator<CompactTable.Entry> entries = table.iterator();
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(entries, Spliterator.NONNULL), false)
        .map(HandedOutKeys::handedOut);
  }

  private static HandedOut handedOut(CompactTable.Entry entry) {
    byte[] value = entry.value();
    return new HandedOut(
        new String(entry.identity(), 0, value[0], US_ASCII),
        PskIdentity.ofBytes(entry.identity()),
        new String(value, 1, value.length - 1, US_ASCII));
  }
}
