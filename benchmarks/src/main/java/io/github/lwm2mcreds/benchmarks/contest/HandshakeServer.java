// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The process of a server that is measured, which it shares with nothing else. It prints the port
 * that it listens on, answers each line of its input with a {@link ServerUsage} or the heap in use,
 * and ends when its input does.
 */
public final class HandshakeServer {
  private HandshakeServer() {}

  /**
   * Serves until its input ends.
   *
   * @param args the arguments of a {@link ServerSpec}
   * @throws Exception if the server cannot be started
   */
  public static void main(String[] args) throws Exception {
    ServerSpec spec = ServerSpec.ofArguments(args);
    FilledStore store = new FilledStore(spec.store(), spec.devices());
    EchoServer server = open(spec, store);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println(ServerProcess.PORT + server.port());
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(
          line.equals(ServerProcess.HEAP)
              ? Long.toString(UsageMeter.heapInUse())
              : UsageMeter.read(server.echoes()).toLine());
    }
    server.close();
    store.close();
    System.exit(0); // even if threads are left
  }

  private static EchoServer open(ServerSpec spec, FilledStore store) throws Exception {
    return switch (spec.peer()) {
      case LWM2M_CREDS, LWM2M_DTLS, LESHAN, SCANDIUM -> new ScandiumEchoServer(spec, store);
      case BOUNCY_CASTLE -> new BouncyCastleEchoServer(spec);
      case LWM2M_CREDS_SERVER, LESHAN_SERVER -> new RegistrationServer(spec, store);
      case OPENSSL -> throw new IllegalArgumentException("OpenSSL's server does not run in a JVM");
    };
  }
}
