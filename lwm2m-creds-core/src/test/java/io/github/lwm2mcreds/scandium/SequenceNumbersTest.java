// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Numbers as Scandium's own class has them, so that another version of it fails here. */
class SequenceNumbersTest {
  private final InMemoryCredentialStore store = new InMemoryCredentialStore();
  private final Loopback loopback = new Loopback(store);
  private DTLSContext context;

  @BeforeEach
  void connect() throws Exception {
    store.put(Loopback.credential("a", "a", 1));
    loopback.echoOf(Loopback.impatientDevice(Loopback.credential("a", "a", 1)));
    CompletableFuture<Connection> connected = new CompletableFuture<>();
    loopback
        .server()
        .startForEach(
            connection -> {
              connected.complete(connection);
              return false;
            });
    context = connected.get(20, TimeUnit.SECONDS).getEstablishedDtlsContext();
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  private void set(long next, long lowest, long window) {
    byte[] item =
        ByteBuffer.allocate(30)
            .put((byte) 1)
            .put((byte) 28)
            .putShort((short) (next >>> 32))
            .putInt((int) next)
            .putShort((short) (lowest >>> 32))
            .putInt((int) lowest)
            .putLong(window)
            .putLong(7)
            .array();
    context.readSequenceNumbers(new DatagramReader(item));
  }

  private String written() {
    DatagramWriter writer = new DatagramWriter();
    context.writeSequenceNumbers(writer);
    return HexFormat.of().formatHex(writer.toByteArray());
  }

  @Test
  void reserve_moves2To32NumbersOnAndTakesTheWindowForReceived() {
    set(0x0102_03040506L, 0x0a0b_0c0d0e0fL, 0b1001);

    assertThat(SequenceNumbers.reserve(context)).isTrue();

    assertThat(written())
        .isEqualTo(
            "011c" + "010303040506" + "0a0b0c0d0e0f" + "000000000000000f" + "0000000000000007");
    assertThat(context.getNextSequenceNumber()).isEqualTo(0x0103_03040506L);
    long newest = 0x0a0b_0c0d0e0fL + 3;
    assertThat(context.isRecordProcessable(1, newest - 1, 0)).isFalse();
    assertThat(context.isRecordProcessable(1, newest + 1, 0)).isTrue();
  }

  @Test
  void reserve_ofAFullWindow_leavesItAsItIs() {
    set(5, 9, -1);

    assertThat(SequenceNumbers.reserve(context)).isTrue();

    assertThat(written())
        .isEqualTo("011c" + "000100000005" + "000000000009" + "f".repeat(16) + "0000000000000007");
  }

  @Test
  void reserve_ofAnEmptyWindow_leavesItAsItIs() {
    set(5, 0, 0);

    assertThat(SequenceNumbers.reserve(context)).isTrue();

    assertThat(context.isRecordProcessable(1, 0, 0)).isTrue();
  }

  @Test
  void reserve_upTo2To47_isPossibleAndNotBeyond() {
    long last = SequenceNumbers.MAX_NEXT - SequenceNumbers.RESERVED;
    set(last, 0, 1);
    assertThat(SequenceNumbers.reserve(context)).isTrue();
    assertThat(context.getNextSequenceNumber()).isEqualTo(SequenceNumbers.MAX_NEXT);

    set(last + 1, 0, 1);
    String before = written();
    assertThat(SequenceNumbers.reserve(context)).isFalse();
    assertThat(written()).isEqualTo(before);
  }
}
