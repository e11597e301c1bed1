// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import io.github.lwm2mcreds.leshan.provisioning.Refusal.Reason;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/**
 * Keeps peers from taking all connections: by number, by sending slowly, or by sending nothing.
 * Each connection has a time by which the request that it is to bring is answered; who has proved
 * who it is, is not pushed out by those who have not.
 */
final class ConnectionGuard implements Connection.Listener {
  private final Limits limits;
  private final LongSupplier nanoTime;

  /** The oldest first. */
  private final Map<EndPoint, State> open = new LinkedHashMap<>();

  private static final class State {
    private final Optional<Network> network;
    private long deadline;
    private boolean isProven;

    State(EndPoint connection, long deadline) {
      this.network = network(connection.getRemoteSocketAddress());
      this.deadline = deadline;
    }
  }

  ConnectionGuard(Limits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  /** Returns where a peer calls from; empty if that is not known. */
  static Optional<Network> network(SocketAddress peer) {
    return peer instanceof InetSocketAddress internet
        ? Optional.ofNullable(internet.getAddress()).map(Network::of)
        : Optional.empty();
  }

  /** Returns the TCP connection below TLS. */
  private static EndPoint bottom(Connection connection) {
    EndPoint at = connection.getEndPoint();
    while (at instanceof EndPoint.Wrapper wrapper) {
      at = wrapper.unwrap();
    }
    return at;
  }

  @Override
  public void onOpened(Connection connection) {
    EndPoint opened = bottom(connection);
    Optional<EndPoint> displaced = add(opened);
    displaced.ifPresent(end -> close(end, Reason.TOO_MANY_CONNECTIONS));
  }

  /** Adds a connection, and returns the one that has to go for it, which may be itself. */
  private synchronized Optional<EndPoint> add(EndPoint opened) {
    if (open.containsKey(opened) || !opened.isOpen()) {
      return Optional.empty(); // it is told of for TLS and for HTTP
    }
    State state = new State(opened, after(limits.requestTime()));
    long ofNetwork = open.values().stream().filter(o -> o.network.equals(state.network)).count();
    open.put(opened, state);
    if (ofNetwork >= limits.connectionsPerAddress()) {
      return Optional.of(opened);
    }
    return open.size() > limits.connections()
        ? Optional.of(oldestUnproven(opened))
        : Optional.empty();
  }

  private EndPoint oldestUnproven(EndPoint otherwise) {
    return open.entrySet().stream()
        .filter(entry -> !entry.getValue().isProven)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(otherwise);
  }

  private long after(Duration time) {
    return nanoTime.getAsLong() + time.toNanos();
  }

  @Override
  public synchronized void onClosed(Connection connection) {
    open.remove(bottom(connection));
  }

  /** Notes that the caller on a connection is known, and how long its request may take. */
  synchronized void proven(Connection connection, Duration time) {
    State state = open.get(bottom(connection));
    if (state != null) {
      state.isProven = true;
      state.deadline = after(time);
    }
  }

  /** Notes that a request was answered, and waits for the next one. */
  synchronized void answered(Connection connection) {
    State state = open.get(bottom(connection));
    if (state != null) {
      state.deadline = after(limits.requestTime());
    }
  }

  /** Ends the connections whose time is over. */
  void sweep() {
    overdue().forEach(end -> close(end, Reason.TOO_SLOW));
  }

  private synchronized List<EndPoint> overdue() {
    long now = nanoTime.getAsLong();
    List<EndPoint> overdue = new ArrayList<>();
    open.forEach(
        (end, state) -> {
          if (now - state.deadline > 0) {
            overdue.add(end);
          }
        });
    return overdue;
  }

  private void close(EndPoint end, Reason reason) {
    synchronized (this) {
      open.remove(end);
    }
    ProvisioningEvents.closed(end.getRemoteSocketAddress(), reason);
    end.close();
  }

  synchronized long provenCount() {
    return open.values().stream().filter(state -> state.isProven).count();
  }

  /** Returns how many connections are open. */
  synchronized int size() {
    return open.size();
  }
}
