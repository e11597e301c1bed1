// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.util.Optional;

/** What is tried with each peer that acts as a device. */
enum InteropCase {
  CCM_8("`TLS_PSK_WITH_AES_128_CCM_8`", PskSuite.CCM_8),
  CBC("`TLS_PSK_WITH_AES_128_CBC_SHA256`", PskSuite.CBC),
  ECDHE("`TLS_ECDHE_PSK_…`, `--forward-secret`", PskSuite.ECDHE),
  IDENTITY_1("identity of 1 byte", cell -> cell.connects(InteropDevice.IDENTITY_OF_1)),
  IDENTITY_32("identity of 32 bytes", cell -> cell.connects(InteropDevice.IDENTITY_OF_32)),
  IDENTITY_128("identity of 128 bytes", cell -> cell.connects(InteropDevice.IDENTITY_OF_128)),
  IDENTITY_UTF8("identity not ASCII", cell -> cell.connects(InteropDevice.IDENTITY_OF_UTF8)),
  KEY_16("key of 16 bytes, with 00 and FF", cell -> cell.connects(InteropDevice.USUAL)),
  KEY_32("key of 32 bytes, with 00 and FF", cell -> cell.connects(InteropDevice.KEY_OF_32)),
  KEY_64("key of 64 bytes, with 00 and FF", cell -> cell.connects(InteropDevice.KEY_OF_64)),
  WRONG_KEY(
      "wrong key is refused",
      cell -> cell.isRefused(InteropDevice.USUAL, InteropDevice.SECOND.key(), "wrong_key")),
  UNKNOWN_IDENTITY(
      "unknown identity is refused",
      cell ->
          cell.isRefused(InteropDevice.UNKNOWN, InteropDevice.UNKNOWN.key(), "unknown_identity")),
  RESUMPTION("session is resumed", Cell::resumes),
  CONNECTION_ID("connection id: the port changes", Cell::moves),
  REBOOT("reboot: greets again from the same port", Cell::reboots),
  SHARED_ADDRESS("two devices behind one address", Cell::sharesAnAddress),
  KEEP_ALIVE("keep-alives of one byte between records", Cell::keepsAlive);

  private final String label;
  private final Optional<PskSuite> suite;
  private final Steps steps;

  InteropCase(String label, Steps steps) {
    this.label = label;
    this.suite = Optional.empty();
    this.steps = steps;
  }

  InteropCase(String label, PskSuite suite) {
    this.label = label;
    this.suite = Optional.of(suite);
    this.steps = cell -> cell.connects(suite, InteropDevice.USUAL);
  }

  String label() {
    return label;
  }

  Outcome run(PeerClient peer) throws Exception {
    Optional<String> lacks =
        suite
            .filter(needed -> !peer.suites().contains(needed))
            .map(needed -> peer.lacks(this).orElse("it has no such cipher suite"))
            .or(() -> peer.lacks(this));
    if (lacks.isPresent()) {
      return Outcome.no(lacks.get());
    }
    try {
      steps.take(new Cell(peer));
      return Outcome.OK;
    } catch (StepFailed e) {
      return Outcome.fails(e.getMessage());
    }
  }

  private interface Steps {
    void take(Cell cell) throws Exception;
  }
}
