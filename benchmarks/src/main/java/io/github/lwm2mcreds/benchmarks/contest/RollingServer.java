// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import io.github.lwm2mcreds.leshan.PskServer;
import io.github.lwm2mcreds.scandium.ClusterNode;
import io.github.lwm2mcreds.scandium.SessionFile;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.coaps.CoapsServerProtocolProvider;

/** The process of one of two Leshan servers behind one address. It ends when its input does. */
public final class RollingServer {
  private RollingServer() {}

  /**
   * Serves until its input ends.
   *
   * @param args the port; then for a stock server the number of devices, and for a node of a
   *     cluster the file of its store, its number, and the ports at which the two nodes reach each
   *     other
   * @throws Exception if the server cannot be started
   */
  public static void main(String[] args) throws Exception {
    InetSocketAddress address = at(args[0]);
    LeshanServer server = args.length == 2 ? stock(address, args[1]) : node(address, args);
    server.start();
    System.out.println(ServerProcess.PORT + server.getEndpoint(Protocol.COAPS).getURI().getPort());
    while (System.in.read() >= 0) {
      // nothing is asked
    }
    server.destroy();
    System.exit(0); // even if threads are left
  }

  private static InetSocketAddress at(String port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }

  private static LeshanServer stock(InetSocketAddress address, String devices) throws Exception {
    FilledStore store = new FilledStore(FilledStore.Kind.LESHAN, Integer.parseInt(devices));
    return new LeshanServerBuilder()
        .setSecurityStore(store.securityStore().orElseThrow())
        .setEndpointsProviders(
            new CaliforniumServerEndpointsProvider.Builder(new CoapsServerProtocolProvider())
                .addEndpoint(address, Protocol.COAPS)
                .build())
        .build();
  }

  private static LeshanServer node(InetSocketAddress address, String... args) {
    Path file = Path.of(args[1]);
    MirroredCredentialStore store =
        MirroredCredentialStore.of(JdbcCredentialStore.sqlite(file).open());
    Map<Integer, InetSocketAddress> nodes = Map.of(1, at(args[3]), 2, at(args[4]));
    return PskServer.builder(store)
        .address(address)
        .cluster(ClusterNode.of(Integer.parseInt(args[2]), nodes, new byte[32]))
        .sessions(SessionFile.of(file.resolveSibling("sessions-" + args[2]), store))
        .build();
  }
}
