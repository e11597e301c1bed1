// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

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
import org.eclipse.californium.scandium.dtls.Record;
import org.eclipse.californium.scandium.dtls.ServerHandshaker;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.KeyExchangeAlgorithm;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;

/**
 * Sees what a connector receives, for a {@link HandshakeRefusalListener}, which hears of refusals
 * only after Scandium has forgotten what they are about. Filters nothing itself.
 */
final class HandshakeWatch implements DatagramFilter {
  /** What the current thread does. A datagram is handled on the thread that received it. */
  private static final class Current {
    HandshakeWatch watch;
    DatagramPacket packet;
    Record failed;
  }

  private static final ThreadLocal<Current> CURRENT = ThreadLocal.withInitial(Current::new);

  private final HandshakeRefusalListener refusals;
  private final DatagramFilter next;
  private final RecentSeeds seeds;
  private final List<CipherSuite> suites;

  private HandshakeWatch(
      HandshakeRefusalListener refusals,
      DatagramFilter next,
      RecentSeeds seeds,
      List<CipherSuite> suites) {
    this.refusals = refusals;
    this.next = next;
    this.seeds = seeds;
    this.suites = suites;
  }

  /** Adds one to a connector's configuration. */
  static DtlsConnectorConfig.Builder addTo(
      DtlsConnectorConfig.Builder builder, HandshakeRefusalListener refusals) {
    DtlsConnectorConfig config = builder.getIncompleteConfig();
    PskStore store = config.getPskStore();
    RecentSeeds seeds = store == null ? null : new RecentSeeds(store);
    return builder
        .setPskStore(seeds)
        .setDatagramFilter(
            new HandshakeWatch(
                refusals, config.getDatagramFilter(), seeds, config.getSupportedCipherSuites()));
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

  @Override
  public boolean onReceiving(DatagramPacket packet) {
    Current current = CURRENT.get();
    current.packet = packet;
    current.watch = this;
    return next == null || next.onReceiving(packet);
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
    return next == null || next.onReceiving(record, connection);
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
