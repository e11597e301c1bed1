// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.californium.elements.util.SerializationUtil;
import org.eclipse.californium.scandium.dtls.Connection;

/**
 * Writes the sessions of a server that goes on, each as it is between two steps of its connection's
 * serial execution. Few of them at a time are asked for, so that devices do not wait.
 *
 * <p>They are written in the order in which they were used last, as Scandium takes a time to load
 * them that grows with the square of those out of order. What is used meanwhile is left for a later
 * round.
 */
final class SessionSnapshot {
  private static final int BATCH = 128;
  private static final int ROUNDS = 4;
  private static final long POLL_MILLIS = 50;

  /** How long a connection may take for one step, before the snapshot is given up: a minute. */
  private static final int MAX_POLLS = 1200;

  private final IdleMoves connections;
  private final BooleanSupplier isStopping;
  private List<TimedConnection> later = new ArrayList<>();
  private int written;

  /**
   * Makes a snapshot.
   *
   * @param isStopping whether to give up
   */
  SessionSnapshot(IdleMoves connections, BooleanSupplier isStopping) {
    this.connections = connections;
    this.isStopping = isStopping;
  }

  /**
   * Writes all sessions as Scandium does.
   *
   * @return how many
   * @throws GivenUpException if the server stops
   */
  int write(OutputStream out) throws IOException {
    List<TimedConnection> next = connections.inOrder();
    for (int round = 1; !next.isEmpty(); round++) {
      writeRound(next, round == ROUNDS, out);
      next = later;
      later = new ArrayList<>();
    }
    SerializationUtil.writeNoItem(out);
    return written;
  }

  private void writeRound(List<TimedConnection> all, boolean isLast, OutputStream out)
      throws IOException {
    TimedConnection.sort(all);
    for (int from = 0; from < all.size(); from += BATCH) {
      Batch batch = new Batch(all.subList(from, Math.min(from + BATCH, all.size())), isLast);
      try {
        batch.run();
        batch.writeTo(out);
      } finally {
        batch.wipe();
      }
    }
  }

  /** Some connections whose turn it is. */
  private final class Batch {
    private final List<TimedConnection> all;
    private final boolean isLast;
    private final byte[][] copies;
    private final boolean[] used;
    private final CountDownLatch left;
    private boolean isOver;

    Batch(List<TimedConnection> all, boolean isLast) {
      this.all = all;
      this.isLast = isLast;
      this.copies = new byte[all.size()][];
      this.used = new boolean[all.size()];
      this.left = new CountDownLatch(all.size());
    }

    void run() throws IOException {
      for (int i = 0; i < copies.length; i++) {
        TimedConnection timed = all.get(i);
        Object now = connections.now(timed.id());
        if (now instanceof Connection connection) {
          copyInTurn(i, connection);
        } else {
          keep(i, (byte[]) now); // it is idle, or gone
          left.countDown();
        }
      }
      try {
        for (int polls = 0; !left.await(POLL_MILLIS, TimeUnit.MILLISECONDS); polls++) {
          requireGoingOn();
          if (polls == MAX_POLLS) {
            throw new IOException("a connection has been busy for too long");
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new GivenUpException();
      }
      requireGoingOn(); // or some may be missing
    }

    private void requireGoingOn() throws GivenUpException {
      if (isStopping.getAsBoolean()) {
        throw new GivenUpException();
      }
    }

    private void copyInTurn(int place, Connection connection) {
      try {
        connection.execute(() -> copy(place, connection), true);
      } catch (RejectedExecutionException e) {
        left.countDown(); // the server stops, or the connection has gone
      }
    }

    private void copy(int place, Connection connection) {
      try {
        TimedConnection timed = all.get(place);
        if (connections.has(connection)) {
          used[place] = !isLast && connection.getLastMessageNanos() != timed.nanos();
          keep(place, used[place] ? null : SavedConnection.bytes(connection));
        } else {
          keep(place, connections.copyOfBytes(timed.id())); // it is idle by now, or gone
        }
      } finally {
        left.countDown();
      }
    }

    private synchronized void keep(int place, byte[] bytes) {
      if (isOver && bytes != null) {
        Arrays.fill(bytes, (byte) 0);
      }
      copies[place] = bytes;
    }

    /** Wipes all copies, and those that are made later, when the snapshot was given up. */
    synchronized void wipe() {
      isOver = true;
      for (byte[] copy : copies) {
        if (copy != null) {
          Arrays.fill(copy, (byte) 0);
        }
      }
    }

    void writeTo(OutputStream out) throws IOException {
      for (int i = 0; i < copies.length; i++) {
        if (copies[i] != null) {
          out.write(copies[i]);
          written++;
        }
        if (used[i] && connections.now(all.get(i).id()) instanceof Connection connection) {
          later.add(TimedConnection.of(connection)); // as it was used just now
        }
      }
    }
  }

  /** Thrown when a snapshot is given up, as the server stops. */
  static final class GivenUpException extends IOException {
    private static final long serialVersionUID = 1L;

    GivenUpException() {
      super("the server stops");
    }
  }
}
