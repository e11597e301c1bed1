// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.internal.CompactTable;
import java.nio.ByteBuffer;
import java.util.stream.Stream;

/**
 * The identities that a derived key was handed out for, with the key's check value: up to a limit,
 * since strangers make identities up. Remembering one that is known takes no lock.
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
    PskIdentity identity = credential.pskIdentity();
    if (table.endpointOf(identity) != null) {
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
        table.put(identity.asString(), identity, value);
      } else {
        complete = false;
      }
    }
  }

  void remove(PskIdentity pskIdentity) {
    synchronized (table) {
      table.remove(pskIdentity.asString());
    }
  }

  boolean mayContain(PskIdentity pskIdentity) {
    return !complete || table.endpointOf(pskIdentity) != null;
  }

  /** Whether none had to be left out. */
  boolean isComplete() {
    return complete;
  }

  Stream<HandedOut> stream() {
    return table.stream(
        (identity, pskIdentity, value) ->
            new HandedOut(
                identity.substring(0, value[0]),
                pskIdentity,
                new String(value, 1, value.length - 1, US_ASCII)));
  }
}
