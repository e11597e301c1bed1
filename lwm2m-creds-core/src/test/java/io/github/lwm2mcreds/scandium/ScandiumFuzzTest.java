// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.lwm2mcreds.Hostile;
import io.github.lwm2mcreds.store.HistoryHash;
import io.github.lwm2mcreds.store.SavedSessionsException;
import io.github.lwm2mcreds.store.SessionLedger.Saved;
import io.github.lwm2mcreds.store.SessionLedger.Term;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.net.DatagramPacket;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.californium.scandium.dtls.Connection;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Datagrams and saved sessions that may be anything. */
@Timeout(Hostile.SECONDS)
class ScandiumFuzzTest {
  static Stream<byte[]> datagrams() {
    return Stream.of(
            Hellos.datagram("fefd", "c0a800ae00ff"),
            "63fefd00000000000000000003aabbcc" + Hellos.datagram("feff", "1301c0a8"),
            Hellos.record(Hellos.fragment(20, 40)),
            "15fefd000000000000000000020100")
        .map(HexFormat.of()::parseHex);
  }

  @MethodSource("datagrams")
  @FuzzTest
  void hello_anyDatagram_isReadOrPassedOver(byte[] bytes) throws Exception {
    DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
    assertThat(ReceivedHello.firstRecordAt(packet)).isBetween(0, bytes.length);
    ReceivedHello.isFirstIn(packet);
    Hostile.decode(bytes.length, () -> ReceivedHello.of(packet)).ifPresent(this::check);
    Hostile.decode(bytes.length, () -> ReceivedHello.of(bytes)).ifPresent(this::check);
    ReceivedHello.isFirstFragment(bytes);
  }

  private void check(Optional<ReceivedHello> hello) {
    hello.ifPresent(
        found -> {
          Hostile.requireHarmless(found.versionName());
          assertThat(found.suiteNames()).hasSizeLessThanOrEqualTo(17);
        });
  }

  static Stream<byte[]> headers() {
    Saved saved =
        new Saved(
            new Term(new UUID(1, 2), 3), 4, new Position(5, HistoryHash.ofBytes(new byte[32])));
    return Stream.of(OptionalInt.empty(), OptionalInt.of(200))
        .map(node -> new SessionFileHeader(saved, true, Instant.EPOCH, node))
        .map(header -> SessionFileHeader.withKey(header.toBytes(), new byte[65]));
  }

  @MethodSource("headers")
  @FuzzTest
  void sessionFile_anyBytes_hasHeaderOrIsRefused(byte[] file) throws Exception {
    ByteArrayInputStream in = new ByteArrayInputStream(file);
    byte[] bytes = SessionFileHeader.readBytes(in);
    Optional<SessionFileHeader> header =
        Hostile.decode(
            file.length, () -> SessionFileHeader.read(bytes), SavedSessionsException.class);
    if (header.isPresent()) {
      assertThat(SessionFileHeader.read(header.get().toBytes())).isEqualTo(header.get());
      Hostile.decode(
          file.length, () -> SessionFileHeader.readKey(in), SavedSessionsException.class);
    }
  }

  /** Only the server that saved them could have sealed them so; it may be of another version. */
  @FuzzTest
  void sessions_anyBytes_areLoadedOrRefused(byte[] sessions) throws Exception {
    Hostile.decode(
        sessions.length,
        () -> new ConnectionLoad<>(new ByteArrayInputStream(sessions), 0, new Nowhere()).run(),
        EOFException.class,
        IllegalArgumentException.class,
        IllegalStateException.class);
  }

  private static final class Nowhere implements ConnectionLoad.Restoring<Boolean> {
    @Override
    public Boolean prepare(Connection connection, byte[] bytes) {
      return SequenceNumbers.reserve(connection.getEstablishedDtlsContext());
    }

    @Override
    public void restore(Boolean mayGoOn) {
      assertThat(mayGoOn).isNotNull();
    }
  }
}
