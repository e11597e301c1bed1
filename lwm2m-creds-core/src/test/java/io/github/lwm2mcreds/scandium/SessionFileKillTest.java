// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.SqliteStores;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the sessions of a server that is killed. */
class SessionFileKillTest {
  private static final int NUMBER_AT = 46; // of the file, see SessionFileHeader
  private static final Duration LONG = Duration.ofSeconds(60);

  private final SqliteStores stores = new SqliteStores();
  private final Path storeFile = stores.newFile();
  private final Path sessions = stores.folder().resolve("sessions");
  private final BlockingQueue<String> echoes = new ArrayBlockingQueue<>(10);
  private Process server;
  private DTLSConnector device;

  @AfterEach
  void end() throws InterruptedException {
    if (device != null) {
      device.destroy();
    }
    if (server != null) {
      server.toHandle().destroyForcibly();
      server.waitFor();
    }
    stores.close();
  }

  private int startServer(int port) throws IOException {
    server = KilledServer.start(storeFile, stores.folder().resolve("key"), sessions, port);
    BufferedReader output = server.inputReader(UTF_8);
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("listening on ")) {
        return Integer.parseInt(line.substring("listening on ".length()));
      }
    }
    throw new AssertionError("the server has not started");
  }

  private void echo(InetSocketAddress at, String text) throws InterruptedException {
    device.send(
        RawData.outbound(text.getBytes(UTF_8), new AddressEndpointContext(at), null, false));
    assertThat(echoes.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(text);
  }

  /** The number of the newest file, 0 if there is none at the moment. */
  private long fileNumber() {
    try (FileChannel file = FileChannel.open(sessions, StandardOpenOption.READ)) {
      ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
      return file.read(number, NUMBER_AT) < Long.BYTES ? 0 : number.getLong(0);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Waits for a snapshot that was begun after this was called. */
  private void awaitSnapshot() {
    long before = fileNumber();
    await().atMost(LONG).until(() -> fileNumber() >= before + 2);
  }

  @Test
  void kill_ofAServer_letsADeviceGoOnAndRepeatsNoNumber() throws Exception {
    try (JdbcCredentialStore store = stores.describe(storeFile).create()) {
      store.put(credential("a", "a", 1));
    }
    int port = startServer(0);
    try (Relay relay = new Relay(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      device =
          new DTLSConnector(
              impatientDevice(credential("a", "a", 1))
                  .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                  .build());
      device.setRawDataReceiver(received -> echoes.add(new String(received.getBytes(), UTF_8)));
      device.start();
      echo(relay.address(), "first");
      int hellos = relay.clientHellos();

      for (int kills = 1; kills <= 3; kills++) {
        awaitSnapshot();
        for (int i = 0; i < 5; i++) {
          echo(relay.address(), "before kill " + kills + "." + i);
        }
        long last = Collections.max(relay.numbers());
        server.toHandle().destroyForcibly();
        server.waitFor();
        startServer(port);
        echo(relay.address(), "after kill " + kills);

        List<Long> numbers = relay.numbers();
        assertThat(numbers.get(numbers.size() - 1))
            .isGreaterThan(last)
            .isBetween(kills * SequenceNumbers.RESERVED, kills * SequenceNumbers.RESERVED + 1_000);
      }

      assertThat(relay.clientHellos()).isEqualTo(hellos);
      assertThat(relay.numbers()).doesNotHaveDuplicates();
    }
  }
}
