// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.leshan.FlashedDevice;
import io.github.lwm2mcreds.leshan.cli.Child;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FirmwareView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.leshan.client.LeshanClient;

/** A case of the matrix of servers with one peer, step by step. */
final class DeviceCell {
  private static final String NAME = "interop-device";
  private static final byte[] TEXT = "0123456789abcdef".getBytes(US_ASCII);
  private static final byte[] OTHER_TEXT = "fedcba9876543210".getBytes(US_ASCII);
  private static final String NOT_GOT = "the peer does not get the registration";

  private final PeerServer peer;

  DeviceCell(PeerServer peer) {
    this.peer = peer;
  }

  private static LeshanClient device(String endpoint, byte[] key, int port) {
    FirmwareView firmware = FirmwareView.of(partition(endpoint, key));
    return FlashedDevice.boot(firmware, "unnamed").client("coaps://127.0.0.1:" + port);
  }

  private static byte[] partition(String endpoint, byte[] key) {
    return CredentialPartition.encode(DeviceCredential.of(endpoint, PreSharedKey.copyOf(key)));
  }

  void registers(PskSuite suite, String endpoint) throws Exception {
    registers(suite, endpoint, TEXT);
  }

  void registersWithBinaryKey() throws Exception {
    registers(PskSuite.CCM_8, NAME, InteropDevice.USUAL.key());
  }

  private void registers(PskSuite suite, String endpoint, byte[] key) throws Exception {
    try (PeerService server = peer.start(suite, endpoint, key);
        Wire wire = new Wire(server.port())) {
      LeshanClient device = device(endpoint, key, wire.port());
      device.start();
      try {
        StepFailed.unless(server.hasGot("ep=" + endpoint), NOT_GOT);
        int code = wire.handshakes().suite().orElse(-1);
        StepFailed.unless(
            suite.has(code), String.format("the cipher suite is 0x%04x instead", code));
      } finally {
        device.destroy(false);
      }
    }
  }

  void hasWrongKey() throws Exception {
    isRefused(NAME, OTHER_TEXT);
  }

  void isUnknown() throws Exception {
    isRefused("interop-stranger", TEXT);
  }

  /** It is refused if the server says so, or has let the device send its last flight in vain. */
  private void isRefused(String endpoint, byte[] key) throws Exception {
    try (PeerService server = peer.start(PskSuite.CCM_8, NAME, TEXT);
        Wire wire = new Wire(server.port())) {
      Handshakes handshakes = wire.handshakes();
      LeshanClient device = device(endpoint, key, wire.port());
      device.start();
      try {
        StepFailed.unlessSoon(
            () ->
                handshakes.finishedByServer() > 0
                    || handshakes.alertsOfServer() > 0
                    || handshakes.keyExchanges() > 1,
            "the device does not get that far");
        StepFailed.unless(handshakes.finishedByServer() == 0, "the peer does not refuse it");
      } finally {
        device.destroy(false);
      }
    }
  }

  void runsFromTheJar() throws Exception {
    Path folder = Files.createTempDirectory("interop");
    Files.write(folder.resolve("cred.bin"), partition(NAME, TEXT));
    try (PeerService server = peer.start(PskSuite.CCM_8, NAME, TEXT)) {
      String uri = "coaps://127.0.0.1:" + server.port();
      Child device = Child.startJar(folder, Map.of(), "device", "cred.bin", "--server", uri);
      try {
        StepFailed.unless(server.hasGot("ep=" + NAME), NOT_GOT);
      } finally {
        device.close();
      }
    }
  }
}
