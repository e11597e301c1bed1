// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.Folder;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import io.github.lwm2mcreds.scandium.PskServerConnector;
import io.github.lwm2mcreds.scandium.PskSessions;
import io.github.lwm2mcreds.scandium.ScandiumPskStore;
import io.github.lwm2mcreds.scandium.SessionFile;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerProtocolProvider;

/**
 * The process of a server that is stopped and started again at the same port, over a store that
 * stays. It prints the port, and stops when its input ends.
 */
public final class RestartServer {
  private static final Duration SNAPSHOTS = Duration.ofSeconds(1);

  private RestartServer() {}

  /**
   * Serves until its input ends.
   *
   * @param args a {@link ServerSpec.Peer}, the folder of the store, and the port, 0 for any
   * @throws Exception if the server cannot be started
   */
  public static void main(String[] args) throws Exception {
    ServerSpec.Peer peer = ServerSpec.Peer.valueOf(args[0]);
    Folder folder = Folder.at(Path.of(args[1]));
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2]));
    MirroredCredentialStore store = MirroredCredentialStore.of(folder.openSqlite());
    DTLSConnector connector =
        peer == ServerSpec.Peer.LWM2M_CREDS
            ? keepingSessions(address, store, Path.of(args[1], "sessions"))
            : new DTLSConnector(
                DtlsConnectorConfig.builder(
                        new CaliforniumServerEndpointsProvider.Builder(
                                new CoapsServerProtocolProvider())
                            .createDefaultConfiguration())
                    .setAddress(address)
                    .setPskStore(new ScandiumPskStore(store)) // Leshan's own forgets its keys
                    .build());
    connector.setRawDataReceiver(
        received ->
            connector.send(
                RawData.outbound(received.getBytes(), received.getEndpointContext(), null, false)));
    connector.start();
    System.out.println(ServerProcess.PORT + connector.getAddress().getPort());
    while (System.in.read() >= 0) {
      // until it ends
    }
    connector.stop();
    connector.destroy();
    store.close();
    System.exit(0); // even if threads are left
  }

  private static DTLSConnector keepingSessions(
      InetSocketAddress address, MirroredCredentialStore store, Path file) throws IOException {
    SessionFile sessions = SessionFile.of(file, store).snapshotsEvery(SNAPSHOTS);
    return new PskServerConnector(
        PskSessions.of(LwM2mDtls.server(address, new ScandiumPskStore(store)).build(), store)
            .keptIn(sessions));
  }
}
