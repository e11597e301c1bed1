// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.SerializationUtil;
import org.eclipse.californium.scandium.dtls.Connection;

/**
 * Reads connections that were saved, in their order. All processors make and judge them, which is
 * most of the work, while those before are taken in one after the other.
 *
 * <p>Scandium writes each as a byte for the version, its length in 16 bits, and its content; after
 * the last one there is a byte 0.
 *
 * @param <T> what becomes of a connection
 */
final class ConnectionLoad<T> {
  private static final int BATCH = 512;
  private static final int PREFIX = 1 + Short.BYTES;

  /** How many batches may wait for each processor. */
  private static final int AHEAD = 3;

  /** What is done with each connection. */
  interface Restoring<T> {
    /**
     * Judges a connection; called on several threads.
     *
     * @param bytes as which it was saved; wiped afterwards
     */
    T prepare(Connection connection, byte[] bytes);

    /** Takes it in; called for one after the other. */
    void restore(T prepared);
  }

  private final InputStream in;
  private final long shift;
  private final Restoring<T> restoring;
  private final Deque<FutureTask<List<T>>> underWay = new ArrayDeque<>();
  private final int ahead = AHEAD * Runtime.getRuntime().availableProcessors();
  private boolean isAtEnd;

  /**
   * Makes a loader.
   *
   * @param shift what is added to the times in the connections, in nanoseconds
   */
  ConnectionLoad(InputStream in, long shift, Restoring<T> restoring) {
    this.in = in;
    this.shift = shift;
    this.restoring = restoring;
  }

  /**
   * Loads all connections.
   *
   * @return how many there were
   * @throws IllegalArgumentException if one is of another version of Scandium, or damaged
   */
  int run() throws IOException {
    int count = 0;
    try {
      while (!isAtEnd || !underWay.isEmpty()) {
        while (!isAtEnd && underWay.size() < ahead) {
          begin(nextBatch());
        }
        for (T prepared : finished(underWay.remove())) {
          restoring.restore(prepared);
          count++;
        }
      }
      return count;
    } finally {
      underWay.forEach(task -> task.cancel(false));
    }
  }

  private void begin(List<byte[]> batch) {
    FutureTask<List<T>> task = new FutureTask<>(() -> prepared(batch));
    underWay.add(task);
    ForkJoinPool.commonPool().execute(task);
  }

  /** While others work on it, this thread does what comes next. */
  private List<T> finished(FutureTask<List<T>> first) throws IOException {
    first.run(); // if nobody has begun it
    for (FutureTask<List<T>> next : underWay) {
      if (!first.isDone()) {
        next.run();
      }
    }
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return first.get();
        } catch (InterruptedException e) {
          isInterrupted = true; // what was taken in so far is of no use alone
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private List<byte[]> nextBatch() throws IOException {
    List<byte[]> batch = new ArrayList<>(BATCH);
    while (batch.size() < BATCH && !isAtEnd) {
      int version = in.read();
      if (version == SerializationUtil.NO_VERSION) {
        isAtEnd = true;
      } else {
        batch.add(item(version));
      }
    }
    return batch;
  }

  private byte[] item(int version) throws IOException {
    int high = in.read();
    int low = in.read();
    if (version < 0 || high < 0 || low < 0) {
      throw new EOFException("the saved sessions have no end");
    }
    int length = high << Byte.SIZE | low;
    byte[] item = new byte[PREFIX + length];
    item[0] = (byte) version;
    item[1] = (byte) high;
    item[2] = (byte) low;
    if (in.readNBytes(item, PREFIX, length) < length) {
      throw new EOFException("the saved sessions end within one");
    }
    return item;
  }

  private List<T> prepared(List<byte[]> batch) {
    List<T> all = new ArrayList<>(batch.size());
    for (byte[] item : batch) {
      try {
        all.add(restoring.prepare(read(item), item));
      } finally {
        Arrays.fill(item, (byte) 0);
      }
    }
    return all;
  }

  /** Scandium throws what it likes when it finds something else than it wrote, or reads nothing. */
  private Connection read(byte[] item) {
    Connection connection;
    try {
      connection = Connection.fromReader(new DatagramReader(item, false), shift);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("a saved session is damaged", e);
    }
    if (connection == null || !connection.hasEstablishedDtlsContext()) {
      throw new IllegalArgumentException("a saved session is damaged");
    }
    return connection;
  }
}
