// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.SerializationUtil;
import org.eclipse.californium.scandium.dtls.Connection;

/**
 * Reads connections that were saved, in their order, and makes and judges many of them at a time on
 * all processors, which is most of the work.
 *
 * <p>Scandium writes each as a byte for the version, its length in 16 bits, and its content; after
 * the last one there is a byte 0.
 */
final class ConnectionLoad {
  private static final int BATCH = 1024;
  private static final int PREFIX = 1 + Short.BYTES;

  /** What is done with each connection. */
  interface Restoring {
    /** Returns whether a connection may go on; called on several threads. */
    boolean judge(Connection connection);

    /** Takes a connection in if it may go on; called for one after the other. */
    void restore(Connection connection, boolean mayGoOn);
  }

  private record Judged(Connection connection, boolean mayGoOn) {}

  private final InputStream in;
  private final long shift;
  private final Restoring restoring;
  private boolean isAtEnd;

  /**
   * Makes a loader.
   *
   * @param shift what is added to the times in the connections, in nanoseconds
   */
  ConnectionLoad(InputStream in, long shift, Restoring restoring) {
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
    while (!isAtEnd) {
      List<byte[]> batch = nextBatch();
      for (Judged judged : batch.parallelStream().map(this::judged).toList()) {
        restoring.restore(judged.connection, judged.mayGoOn);
        count++;
      }
    }
    return count;
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

  private Judged judged(byte[] item) {
    try {
      Connection connection = Connection.fromReader(new DatagramReader(item, false), shift);
      return new Judged(connection, restoring.judge(connection));
    } finally {
      Arrays.fill(item, (byte) 0);
    }
  }
}
