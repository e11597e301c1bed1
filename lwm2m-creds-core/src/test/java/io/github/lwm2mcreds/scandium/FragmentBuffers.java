// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.internal.HeapWalk;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.Handshaker;

/**
 * What Scandium keeps of messages in fragments, which it shows nobody.
 *
 * @param length of the message, for which there is room in memory
 * @param ranges how many ranges of it have come, each an object
 */
record FragmentBuffers(int length, int ranges) {
  /** Returns those of all handshakes under way. */
  static List<FragmentBuffers> of(PskConnections connections) throws ReflectiveOperationException {
    List<Connection> all = new ArrayList<>();
    connections.forEach(all::add);
    List<FragmentBuffers> found = new ArrayList<>();
    for (Connection connection : all) {
      Handshaker handshaker = connection.getOngoingHandshake();
      Object message =
          handshaker == null ? null : value(Handshaker.class, "reassembledMessage", handshaker);
      if (message != null) {
        byte[] bytes = (byte[]) value(message.getClass(), "reassembledBytes", message);
        Collection<?> ranges = (Collection<?>) value(message.getClass(), "fragments", message);
        found.add(new FragmentBuffers(bytes.length, ranges.size()));
      }
    }
    return found;
  }

  /** Returns how many records of messages that come too early each handshake under way has. */
  static List<Integer> early(PskConnections connections) throws ReflectiveOperationException {
    List<Connection> all = new ArrayList<>();
    connections.forEach(all::add);
    List<Integer> found = new ArrayList<>();
    for (Connection connection : all) {
      Handshaker handshaker = connection.getOngoingHandshake();
      if (handshaker != null) {
        Object buffer = value(Handshaker.class, "inboundMessageBuffer", handshaker);
        found.add(((Collection<?>) value(buffer.getClass(), "queue", buffer)).size());
      }
    }
    return found;
  }

  private static Object value(Class<?> type, String name, Object object)
      throws NoSuchFieldException {
    Field field = type.getDeclaredField(name);
    return HeapWalk.valueOf(field, object);
  }
}
