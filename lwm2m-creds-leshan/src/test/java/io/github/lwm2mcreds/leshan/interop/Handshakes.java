// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.nio.ByteBuffer;
import java.util.Optional;

/** What passes of handshakes, which is in clear (RFC 6347 §4.1, §4.2.2; RFC 5246 §7.4). */
final class Handshakes {
  private static final int RECORD_HEADER = 13;
  private static final int MESSAGE_HEADER = 12;
  private static final int CHANGE_CIPHER_SPEC = 20;
  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;
  private static final int SERVER_HELLO = 2;
  private static final int CLIENT_KEY_EXCHANGE = 16;
  private static final int RANDOM_END = 34;

  private int serverHellos;
  private int keyExchanges;
  private int finishedByServer;
  private int alertsOfServer;
  private Optional<Integer> suite = Optional.empty();

  /** Reads a datagram; returns whether it is an alert and nothing else. */
  synchronized boolean see(byte[] datagram, boolean toServer) {
    ByteBuffer rest = ByteBuffer.wrap(datagram);
    boolean alert = false;
    while (rest.remaining() > RECORD_HEADER) {
      int type = rest.get();
      int epoch = rest.position(rest.position() + 2).getShort();
      rest.position(rest.position() + 6);
      int length = Math.min(Short.toUnsignedInt(rest.getShort()), rest.remaining());
      ByteBuffer fragment = rest.slice(rest.position(), length);
      rest.position(rest.position() + length);
      alert = type == ALERT;
      see(type, epoch, fragment, toServer);
    }
    return alert;
  }

  private void see(int type, int epoch, ByteBuffer fragment, boolean toServer) {
    if (type == HANDSHAKE && epoch == 0) {
      seeMessages(fragment);
    } else if (type == CHANGE_CIPHER_SPEC && !toServer) {
      finishedByServer++;
    } else if (type == ALERT && !toServer) {
      alertsOfServer++;
    }
  }

  /** Several messages may share a record. */
  private void seeMessages(ByteBuffer fragment) {
    while (fragment.remaining() > MESSAGE_HEADER) {
      int type = fragment.get();
      fragment.position(fragment.position() + 8);
      int length = (fragment.get() & 0xff) << 16 | Short.toUnsignedInt(fragment.getShort());
      length = Math.min(length, fragment.remaining());
      see(type, fragment.slice(fragment.position(), length));
      fragment.position(fragment.position() + length);
    }
  }

  private void see(int type, ByteBuffer body) {
    if (type == SERVER_HELLO) {
      serverHellos++;
      int sessionId = body.get(RANDOM_END);
      suite = Optional.of(Short.toUnsignedInt(body.getShort(RANDOM_END + 1 + sessionId)));
    } else if (type == CLIENT_KEY_EXCHANGE) {
      keyExchanges++;
    }
  }

  /** Forgets what it has seen so far. */
  synchronized void reset() {
    serverHellos = 0;
    keyExchanges = 0;
    finishedByServer = 0;
    alertsOfServer = 0;
    suite = Optional.empty();
  }

  /** Returns the code of the cipher suite that a server chose last. */
  synchronized Optional<Integer> suite() {
    return suite;
  }

  /** How often a server has greeted, and a device has proved to have a key: twice if sent again. */
  synchronized int serverHellos() {
    return serverHellos;
  }

  synchronized int keyExchanges() {
    return keyExchanges;
  }

  /** How often a server has confirmed a handshake, which it does when it believes the device. */
  synchronized int finishedByServer() {
    return finishedByServer;
  }

  synchronized int alertsOfServer() {
    return alertsOfServer;
  }
}
