// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.leshan.FlashedDevice;
import io.github.lwm2mcreds.partition.FirmwareView;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.leshan.client.LeshanClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers of the runnable jar behind one address, of which one after the other is restarted.
 */
class RollingRestartIT {
  private static final int DEVICES = 24;
  private static final String KEY =
      "9d1f0c5be2a74386b1c07d2f8e6a9354c70b1e5d3f2a48869ab0cd1e2f304156\n";

  @TempDir private Path folder;

  private TestStore store;
  private String cluster;
  private final Child[] nodes = new Child[2];
  private final int[] ports = new int[2];
  private Forwarder forwarder;
  private final List<ScriptedDevice> devices = new ArrayList<>();

  @BeforeEach
  void startNodesAndDevices() throws Exception {
    store = TestStore.init(folder);
    for (int i = 0; i < DEVICES; i++) {
      store.add(name(i), token(i));
    }
    Files.writeString(folder.resolve("cluster.key"), KEY);
    Files.setPosixFilePermissions(
        folder.resolve("cluster.key"), PosixFilePermissions.fromString("rw-------"));
    cluster = "1=127.0.0.1:" + freePort() + ",2=127.0.0.1:" + freePort();
    start(0);
    start(1);
    forwarder = new Forwarder(List.of(ports[0], ports[1]));
    for (int i = 0; i < DEVICES; i++) {
      devices.add(new ScriptedDevice(forwarder.port(), name(i), token(i)));
      assertThat(devices.get(i).ping()).as(name(i)).isTrue();
    }
    assertThat(forwarder.clientHellos())
        .as("one without a cookie, and one with")
        .isEqualTo(2 * DEVICES);
  }

  @AfterEach
  void close() {
    devices.forEach(ScriptedDevice::close);
    Stream.of(nodes).filter(Objects::nonNull).forEach(Child::close);
    if (forwarder != null) {
      forwarder.close();
    }
  }

  private static String name(int i) {
    return "sensor-" + i;
  }

  private static String token(int i) {
    return String.format(
        "%016x%016x", 0x3f9a1c77e05b42d8L * (i + 1), 0x26c4119e8d02b75fL * (i + 7));
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      return socket.getLocalPort();
    }
  }

  /** Starts a node, on the port that it had before. */
  private void start(int node) throws InterruptedException {
    nodes[node] =
        Child.startJar(
            folder,
            "serve",
            "--coaps-port=" + ports[node],
            "--store=sqlite:fleet.db",
            "--sessions=sessions-" + (node + 1),
            "--node=" + (node + 1),
            "--cluster=" + cluster,
            "--cluster-key=cluster.key");
    String listening = nodes[node].awaitLine(line -> line.startsWith("listening on "));
    ports[node] = Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1));
  }

  private void stop(int node) throws InterruptedException {
    nodes[node].terminate();
    assertThat(nodes[node].awaitEnd()).isZero();
  }

  /** Each device sends until it is answered, as CoAP does; those of a node that is away wait. */
  private void assertAllAreAnswered() {
    for (int i = 0; i < DEVICES; i++) {
      ScriptedDevice device = devices.get(i);
      await(name(i)).atMost(60, TimeUnit.SECONDS).until(device::pingOnce);
    }
  }

  private void assertNoHandshakeSince(int clientHellos) {
    assertThat(forwarder.clientHellos()).as("ClientHellos").isEqualTo(clientHellos);
  }

  @Test
  void rollingRestart_whileDevicesMove_costsNoHandshake() throws Exception {
    int before = forwarder.clientHellos();
    for (int node = 0; node < 2; node++) {
      stop(node);
      forwarder.sendAllTo(1 - node); // as a load balancer does
      forwarder.changePorts();
      devices.forEach(ScriptedDevice::send); // half of them to a node that is away
      assertThat(answeredSoon()).as("devices of the other node").isEqualTo(DEVICES / 2);
      start(node);
      nodes[node].awaitLine(
          line ->
              line.contains("sessions-loaded reason=stopped")
                  && line.contains(" sessions=" + DEVICES / 2 + " "));
      forwarder.spreadFrom(node);
      assertAllAreAnswered();
      forwarder.spreadFrom(1 - node); // all to the node that is not their own
      forwarder.changePorts();
      assertAllAreAnswered();
    }
    assertNoHandshakeSince(before);
  }

  private int answeredSoon() {
    await().until(() -> answered() >= DEVICES / 2);
    return answered();
  }

  private int answered() {
    return (int) devices.stream().filter(ScriptedDevice::isAnswered).count();
  }

  @Test
  void killedNode_goesOnFromItsSnapshot_withoutAHandshake() throws Exception {
    int before = forwarder.clientHellos();
    stop(0);
    start(0); // with sessions, of which it saves a snapshot at once
    await().until(() -> Files.exists(folder.resolve("sessions-1")));

    nodes[0].close();
    forwarder.sendAllTo(1);
    devices.forEach(ScriptedDevice::send);
    assertThat(answeredSoon()).isEqualTo(DEVICES / 2);
    start(0);
    nodes[0].awaitLine(line -> line.contains("sessions-loaded reason=snapshot"));

    assertAllAreAnswered();
    assertNoHandshakeSince(before);
  }

  @Test
  void revokedDevices_areOutOnBothNodes_alsoOfANodeThatIsAway() throws Exception {
    stop(0);
    assertThat(store.run("revoke", name(0)).code()).isZero(); // of the node that is away
    assertThat(store.run("revoke", name(1)).code()).isZero();
    nodes[1].awaitLine(line -> line.contains("revoked " + name(1)));
    start(0);
    nodes[0].awaitLine(line -> line.contains("sessions-loaded") && line.contains(" dropped=1 "));

    forwarder.spreadFrom(1);
    for (int i = 2; i < DEVICES; i++) {
      ScriptedDevice device = devices.get(i);
      await(name(i)).until(device::pingOnce);
    }
    for (ScriptedDevice revoked : devices.subList(0, 2)) {
      assertThat(revoked.pingOnce()).as("in its old session").isFalse();
      revoked.resume();
      assertThat(revoked.ping()).as("in a new one").isFalse();
    }
  }

  @Test
  void registration_isMadeAgain_withoutAHandshake() throws Exception {
    String file = store.partition("sensor-0", token(0));
    devices.remove(0).close();
    LeshanClient device =
        FlashedDevice.boot(FirmwareView.of(Files.readAllBytes(Path.of(file))), "unnamed")
            .client("coaps://127.0.0.1:" + forwarder.port());
    try {
      forwarder.sendAllTo(0);
      device.start();
      nodes[0].awaitLine("registered sensor-0"::equals);
      int before = forwarder.clientHellos();

      stop(0);
      start(0);
      forwarder.sendAllTo(1);
      device.triggerRegistrationUpdate();

      nodes[0].awaitLine("registered sensor-0"::equals);
      assertNoHandshakeSince(before);
    } finally {
      device.destroy(false);
    }
  }
}
