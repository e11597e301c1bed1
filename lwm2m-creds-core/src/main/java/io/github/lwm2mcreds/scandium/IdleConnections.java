// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.SessionId;

/**
 * The connections that were put aside, in the order in which that was done. Only their number may
 * be asked for without the connections' lock.
 */
final class IdleConnections {
  private IdleIndex<ConnectionId> byId;
  private IdleIndex<InetSocketAddress> byAddress;
  private IdleIndex<SessionId> bySession;
  private IdleConnection first;
  private IdleConnection last;
  private volatile int size;

  IdleConnections() {
    clear();
  }

  int size() {
    return size;
  }

  IdleConnection get(ConnectionId id) {
    return byId.get(id);
  }

  IdleConnection get(InetSocketAddress address) {
    return byAddress.get(address);
  }

  IdleConnection get(SessionId session) {
    return bySession.get(session);
  }

  /** Returns the one that was put aside first; null if there is none. */
  IdleConnection first() {
    return first;
  }

  /** Makes room for some more at once, which takes less time than to grow. */
  void expect(int more) {
    byId.expect(more);
    byAddress.expect(more);
    bySession.expect(more);
  }

  /** Whether there is one with the same id, address or session. */
  boolean hasLike(IdleConnection other) {
    return byId.get(other.id()) != null
        || other.address() != null && byAddress.get(other.address()) != null
        || bySession.get(other.session()) != null;
  }

  void add(IdleConnection added) {
    byId.put(added);
    byAddress.put(added);
    bySession.put(added);
    added.before = last;
    if (last == null) {
      first = added;
    } else {
      last.after = added;
    }
    last = added;
    size = byId.size();
  }

  void remove(IdleConnection removed) {
    byId.remove(removed);
    byAddress.remove(removed);
    bySession.remove(removed);
    if (removed.before == null) {
      first = removed.after;
    } else {
      removed.before.after = removed.after;
    }
    if (removed.after == null) {
      last = removed.before;
    } else {
      removed.after.before = removed.before;
    }
    removed.before = null;
    removed.after = null;
    size = byId.size();
  }

  void forEach(Consumer<IdleConnection> visitor) {
    for (IdleConnection each = first; each != null; ) {
      IdleConnection next = each.after;
      visitor.accept(each);
      each = next;
    }
  }

  /** Forgets all, and wipes their keys. */
  void clear() {
    forEach(IdleConnection::wipe);
    byId = new IdleIndex<>(IdleConnection::id);
    byAddress = new IdleIndex<>(IdleConnection::address);
    bySession = new IdleIndex<>(IdleConnection::session);
    first = null;
    last = null;
    size = 0;
  }
}
