// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.RawData;

/** A process that echoes over DTLS and keeps its sessions, until it is killed. */
final class KilledServer {
  private KilledServer() {}

  static Process start(Path store, Path key, Path sessions, int port) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Djava.io.tmpdir=" + store.getParent(), // SQLite's library is left behind there
            "-cp",
            System.getProperty("java.class.path"),
            KilledServer.class.getName(),
            store.toString(),
            key.toString(),
            sessions.toString(),
            Integer.toString(port));
    if (Runtime.version().feature() >= 24) { // these warn of SQLite's library, on the same output
      builder.command().add(1, "--enable-native-access=ALL-UNNAMED");
    }
    builder.redirectErrorStream(true);
    Process process = builder.start();
    CompletableFuture.delayedExecutor(120, TimeUnit.SECONDS)
        .execute(() -> process.toHandle().destroyForcibly());
    return process;
  }

  /** Prints the port on which it listens. */
  public static void main(String[] arguments) throws IOException {
    JdbcCredentialStore store =
        JdbcCredentialStore.sqlite(Path.of(arguments[0]))
            .keyWrapper(KeyWrappers.keyFile(Path.of(arguments[1])))
            .open();
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[3]));
    SessionFile file =
        SessionFile.of(Path.of(arguments[2]), store).snapshotsEvery(Duration.ofMillis(50));
    PskServerConnector server =
        new PskServerConnector(
            PskSessions.of(LwM2mDtls.server(address, new ScandiumPskStore(store)).build(), store)
                .keptIn(file));
    server.setRawDataReceiver(
        received ->
            server.send(
                RawData.outbound(received.getBytes(), received.getEndpointContext(), null, false)));
    server.start();
    System.out.println("listening on " + server.getAddress().getPort());
    while (System.in.read() >= 0) {
      // until the test's process ends
    }
  }
}
