// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.security.Principal;
import java.util.Arrays;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.elements.util.SerializationUtil;
import org.eclipse.californium.scandium.auth.PrincipalSerializer;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.SessionId;
import org.eclipse.californium.scandium.dtls.SessionStore;
import org.eclipse.californium.scandium.util.SecretUtil;

/**
 * A session store whose sessions know their credential, however they are written: their principals
 * are {@linkplain SessionCredential#portable portable}, and stay so until a resumed session is
 * established.
 */
final class TaggedSessionStore implements SessionStore {
  /** The version and the length that Scandium writes in front of a session. */
  private static final int HEADER = Byte.BYTES + Short.BYTES;

  private final SessionStore store;

  private TaggedSessionStore(SessionStore store) {
    this.store = store;
  }

  /** Returns null for null: there need not be a store. */
  static SessionStore of(SessionStore store) {
    return store == null ? null : new TaggedSessionStore(store);
  }

  @Override
  public void put(DTLSSession session) {
    Principal peer = session.getPeerIdentity();
    Principal portable = SessionCredential.portable(peer);
    if (portable == peer) {
      store.put(session);
      return;
    }
    DTLSSession copy = withPeer(session, portable);
    try {
      store.put(copy);
    } finally {
      SecretUtil.destroy(copy); // a store keeps what it needs
    }
  }

  /** A session has its principal for good; it is the last thing that is written of it. */
  private static DTLSSession withPeer(DTLSSession session, Principal peer) {
    byte[] written = write(session::writeTo);
    int length = written.length - write(w -> serialize(session.getPeerIdentity(), w)).length;
    byte[] other =
        write(
            writer -> {
              int start = SerializationUtil.writeStartItem(writer, written[0], Short.SIZE);
              for (int i = HEADER; i < length; i++) {
                writer.writeByte(written[i]);
              }
              serialize(peer, writer);
              SerializationUtil.writeFinishedItem(writer, start, Short.SIZE);
            });
    try {
      return DTLSSession.fromReader(new DatagramReader(other));
    } finally {
      Arrays.fill(written, (byte) 0);
      Arrays.fill(other, (byte) 0);
    }
  }

  private static void serialize(Principal peer, DatagramWriter writer) {
    PrincipalSerializer.serialize(peer, writer);
  }

  private interface Writing {
    void to(DatagramWriter writer);
  }

  private static byte[] write(Writing content) {
    DatagramWriter writer = new DatagramWriter(true);
    try {
      content.to(writer);
      return writer.toByteArray();
    } finally {
      writer.close();
    }
  }

  @Override
  public DTLSSession get(SessionId id) {
    return store.get(id);
  }

  @Override
  public void remove(SessionId id) {
    store.remove(id);
  }
}
