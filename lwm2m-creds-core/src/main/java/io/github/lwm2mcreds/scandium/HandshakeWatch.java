// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.elements.util.Bytes;
import org.eclipse.californium.scandium.DatagramFilter;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ContentType;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.Record;
import org.eclipse.californium.scandium.dtls.ServerHandshaker;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.KeyExchangeAlgorithm;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;

/**
 * Sees what a connector receives, for a {@link HandshakeRefusalListener}, which hears of refusals
 * only after Scandium has forgotten what they are about, and drops what comes from peers that have
 * {@linkplain FailedHandshakes failed} too often.
 */
final class HandshakeWatch implements DatagramFilter {
  /** What the current thread does. A datagram is handled on the thread that received it. */
  private static final class Current {
    HandshakeWatch watch;
    DatagramPacket packet;
    Record failed;
  }

  private static final byte CLIENT_KEY_EXCHANGE = 16;
  private static final int HANDSHAKE_HEADER = 12;

  private static final ThreadLocal<Current> CURRENT = ThreadLocal.withInitial(Current::new);

  private final HandshakeRefusalListener refusals;
  private final DatagramFilter next;
  private final RecentSeeds seeds;
  private final List<CipherSuite> suites;
  private final FailedHandshakes failed;

  private HandshakeWatch(
      HandshakeRefusalListener refusals,
      DatagramFilter next,
      RecentSeeds seeds,
      List<CipherSuite> suites,
      FailedHandshakes failed) {
    this.refusals = refusals;
    this.next = next;
    this.seeds = seeds;
    this.suites = suites;
    this.failed = failed;
  }

  /** Adds one to a connector's configuration. */
  static DtlsConnectorConfig.Builder addTo(
      DtlsConnectorConfig.Builder builder,
      HandshakeRefusalListener refusals,
      FailedHandshakes failed) {
    DtlsConnectorConfig config = builder.getIncompleteConfig();
    PskStore store = config.getPskStore();
    RecentSeeds seeds = store == null ? null : new RecentSeeds(store);
    return builder
        .setPskStore(seeds)
        .setDatagramFilter(
            new HandshakeWatch(
                refusals,
                config.getDatagramFilter(),
                seeds,
                config.getSupportedCipherSuites(),
                failed));
  }

  /** The address of the datagram that the current thread handles; empty if it handles none. */
  static Optional<InetSocketAddress> peer() {
    DatagramPacket packet = CURRENT.get().packet;
    return Optional.ofNullable(packet).map(p -> (InetSocketAddress) p.getSocketAddress());
  }

  /** The ClientHello that the current thread handles; empty if it handles none. */
  static Optional<ReceivedHello> hello() {
    return Optional.ofNullable(CURRENT.get().packet).flatMap(ReceivedHello::of);
  }

  /** Whether a client offers a cipher suite of the server whose datagram this thread handles. */
  static boolean hasCommonSuite(ReceivedHello hello) {
    return hello.offersOneOf(CURRENT.get().watch.suites);
  }

  /**
   * Takes the record that has just failed on the current thread; empty if it is not known or not of
   * a kind on which keys can be tried. With ECDHE_PSK, they would take a secret that is not kept.
   */
  static Optional<FailedRecord> takeFailed(ServerHandshaker handshaker) {
    Current current = CURRENT.get();
    Record failed = current.failed;
    current.failed = null;
    DTLSSession session = handshaker.getSession();
    CipherSuite suite = session.getCipherSuite();
    if (failed == null || suite.getKeyExchange() != KeyExchangeAlgorithm.PSK) {
      return Optional.empty();
    }
    Bytes client = handshaker.getClientRandom();
    Bytes server = handshaker.getServerRandom();
    boolean extended = session.useExtendedMasterSecret();
    Optional<byte[]> seed =
        extended
            ? current.watch.seeds.find(handshaker.getPreSharedKeyIdentity())
            : Optional.of(Bytes.concatenate(client, server));
    return seed.map(s -> new FailedRecord(suite, s, extended, client, server, failed));
  }

  /**
   * Counts a handshake that has just failed on the current thread.
   *
   * @param claimed the identity, or null if it did not get that far
   */
  static void count(InetSocketAddress peer, PskPublicInformation claimed, Reason reason) {
    HandshakeWatch watch = CURRENT.get().watch;
    if (watch != null) {
      watch.failed.failed(peer, claimed, reason);
    }
  }

  @Override
  public boolean onReceiving(DatagramPacket packet) {
    Current current = CURRENT.get();
    current.packet = packet;
    current.watch = this;
    return (!ReceivedHello.isFirstIn(packet) || failed.admitsHello(packet))
        && (next == null || next.onReceiving(packet));
  }

  @Override
  public boolean onMacError(Record record, Connection connection) {
    Current current = CURRENT.get();
    current.failed = record;
    current.watch = this;
    return next != null && next.onMacError(record, connection);
  }

  @Override
  public void onDrop(Record record) {
    if (record.getType() == ContentType.HANDSHAKE
        && record.getEpoch() == 0
        && ReceivedHello.isFirstFragment(record.getFragmentBytes())) {
      refusals.onFragmentedHello(record.getPeerAddress());
    }
    if (next != null) {
      next.onDrop(record);
    }
  }

  @Override
  public boolean onReceiving(Record record, Connection connection) {
    return !isCrumb(record)
        && admitsIdentity(record, connection)
        && (next == null || next.onReceiving(record, connection));
  }

  /** Anybody who has proved an address could have thousands of them kept. */
  private static boolean isCrumb(Record record) {
    return record.getEpoch() == 0
        && record.getType() == ContentType.HANDSHAKE
        && ReceivedHello.hasCrumb(record.getFragmentBytes());
  }

  /**
   * Looks at a ClientKeyExchange, unless it has no identity. It is the first message of its record:
   * Scandium ends a handshake with a PSK when another one comes in its place, and reads nothing
   * after a fragment.
   */
  private boolean admitsIdentity(Record record, Connection connection) {
    if (record.getEpoch() != 0 || record.getType() != ContentType.HANDSHAKE) {
      return true;
    }
    byte[] message = record.getFragmentBytes();
    return message.length == 0
        || message[0] != CLIENT_KEY_EXCHANGE
        || !(connection.getOngoingHandshake() instanceof ServerHandshaker handshaker)
        || !handshaker.getSession().getCipherSuite().isPskBased()
        || admitsIdentity(message, record.getPeerAddress());
  }

  /** Takes fragments but the first, without which they come to nothing. */
  private boolean admitsIdentity(byte[] clientKeyExchange, InetSocketAddress peer) {
    if (!ReceivedHello.isFragment(clientKeyExchange)) {
      return failed.admitsIdentity(clientKeyExchange, HANDSHAKE_HEADER, peer);
    }
    return !ReceivedHello.isAtBeginning(clientKeyExchange) || failed.admitsFragment(peer);
  }

  @Override
  public void onDrop(DatagramPacket packet) {
    if (next != null) {
      next.onDrop(packet);
    }
  }

  @Override
  public void onApplicationAuthorizationRejected(Connection connection) {
    if (next != null) {
      next.onApplicationAuthorizationRejected(connection);
    }
  }
}
