// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.net.DatagramPacket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.californium.scandium.DtlsDatagramFilter;

/** The DTLS records that a device receives, as anybody on the wire sees them. */
final class Capture extends DtlsDatagramFilter {
  static final int ALERT = 21;
  static final int HANDSHAKE = 22;
  static final int HELLO_VERIFY_REQUEST = 3;

  private static final int HEADER = 13;

  /** A record without its secrets; the message type is -1 if there is none to be seen. */
  record Sent(int type, int epoch, int length, int messageType) {}

  final List<Sent> records = new CopyOnWriteArrayList<>();

  @Override
  public boolean onReceiving(DatagramPacket packet) {
    ByteBuffer data = ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength());
    while (data.remaining() >= HEADER) {
      int start = data.position();
      int type = data.get(start);
      int epoch = data.getShort(start + 3);
      int length = data.getShort(start + 11);
      int messageType = type == HANDSHAKE && epoch == 0 ? data.get(start + HEADER) : -1;
      records.add(new Sent(type, epoch, length, messageType));
      data.position(start + HEADER + length);
    }
    return super.onReceiving(packet);
  }
}
