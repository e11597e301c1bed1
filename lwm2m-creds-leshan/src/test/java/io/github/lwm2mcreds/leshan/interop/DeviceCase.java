// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.util.Optional;

/** What is tried with each peer that acts as a server. */
enum DeviceCase {
  CCM_8("`TLS_PSK_WITH_AES_128_CCM_8`", cell -> cell.registers(PskSuite.CCM_8, "interop-device")),
  CBC("`TLS_PSK_WITH_AES_128_CBC_SHA256`", cell -> cell.registers(PskSuite.CBC, "interop-device")),
  IDENTITY_1("identity of 1 byte", cell -> cell.registers(PskSuite.CCM_8, "i")),
  IDENTITY_32(
      "identity of 32 bytes",
      cell -> cell.registers(PskSuite.CCM_8, "interop-device-of-32-bytes-0042x")),
  KEY("key with 00 and FF", DeviceCell::registersWithBinaryKey),
  WRONG_KEY("wrong key is refused", DeviceCell::hasWrongKey),
  UNKNOWN_IDENTITY("unknown identity is refused", DeviceCell::isUnknown),
  PACKAGED("the command `device`", DeviceCell::runsFromTheJar);

  private final String label;
  private final Steps steps;

  DeviceCase(String label, Steps steps) {
    this.label = label;
    this.steps = steps;
  }

  String label() {
    return label;
  }

  Outcome run(PeerServer peer) throws Exception {
    Optional<String> lacks = peer.lacks(this);
    if (lacks.isPresent()) {
      return Outcome.no(lacks.get());
    }
    try {
      steps.take(new DeviceCell(peer));
      return Outcome.OK;
    } catch (StepFailed e) {
      return Outcome.fails(e.getMessage());
    }
  }

  private interface Steps {
    void take(DeviceCell cell) throws Exception;
  }
}
