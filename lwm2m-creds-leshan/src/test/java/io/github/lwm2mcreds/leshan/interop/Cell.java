// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** A case of the matrix with one peer, step by step. */
final class Cell {
  private static final String ANSWERED = "no answer after the handshake";
  private static final String REFUSED = "the server does not refuse it";

  private final PeerClient peer;

  Cell(PeerClient peer) {
    this.peer = peer;
  }

  private PskSuite suite() {
    return peer.suites().get(0);
  }

  void connects(InteropDevice device) throws Exception {
    connects(suite(), device);
  }

  void connects(PskSuite suite, InteropDevice device) throws Exception {
    try (Wire wire = new Wire(Serving.of(suite).port());
        PeerSession session = peer.connect(Hello.of(wire.port(), suite, device))) {
      StepFailed.unless(session.request(), ANSWERED);
      int code = wire.handshakes().suite().orElse(-1);
      StepFailed.unless(suite.has(code), String.format("the cipher suite is 0x%04x instead", code));
    }
  }

  void isRefused(InteropDevice device, byte[] key, String reason) throws Exception {
    Serving server = Serving.of(suite());
    long before = server.refused(reason);
    try (Wire wire = new Wire(server.port())) {
      Hello hello = new Hello(wire.port(), suite(), device.identity(), key);
      PeerSession session = peer.connect(hello);
      try {
        StepFailed.unlessSoon(() -> server.refused(reason) > before, REFUSED);
        StepFailed.unless(wire.handshakes().finishedByServer() == 0, REFUSED);
      } finally {
        session.close();
      }
    }
  }

  void resumes() throws Exception {
    try (Wire wire = new Wire(Serving.of(suite()).port());
        PeerSession first =
            peer.connectToResume(Hello.of(wire.port(), suite(), InteropDevice.USUAL))) {
      StepFailed.unless(first.request(), ANSWERED);
      wire.handshakes().reset();
      try (PeerSession resumed = first.resume()) {
        StepFailed.unless(resumed.request(), "no answer after resuming");
        StepFailed.unless(
            wire.handshakes().serverHellos() > 0 && wire.handshakes().keyExchanges() == 0,
            "the handshake is not abbreviated");
      }
    }
  }

  void moves() throws Exception {
    try (Wire wire = new Wire(Serving.of(suite()).port());
        PeerSession session = peer.connect(Hello.of(wire.port(), suite(), InteropDevice.USUAL))) {
      StepFailed.unless(session.request(), ANSWERED);
      wire.handshakes().reset();
      wire.changePorts();
      StepFailed.unless(session.request(), "no answer at another port");
      StepFailed.unless(wire.handshakes().serverHellos() == 0, "it shakes hands once more");
    }
  }

  void reboots() throws Exception {
    try (Wire wire = new Wire(Serving.of(suite()).port())) {
      Hello hello = Hello.of(wire.port(), suite(), InteropDevice.USUAL);
      wire.loseGoodbyes();
      try (PeerSession before = peer.connect(hello)) {
        StepFailed.unless(before.request(), ANSWERED);
      }
      wire.handshakes().reset();
      wire.reboot();
      try (PeerSession after = peer.connect(hello)) {
        StepFailed.unless(after.request(), "no answer after the reboot");
        StepFailed.unless(wire.handshakes().keyExchanges() > 0, "it does not shake hands again");
      }
    }
  }

  void sharesAnAddress() throws Exception {
    try (Wire wire = new Wire(Serving.of(suite()).port());
        PeerSession one = peer.connect(Hello.of(wire.port(), suite(), InteropDevice.USUAL))) {
      StepFailed.unless(one.request(), ANSWERED);
      try (PeerSession other = peer.connect(Hello.of(wire.port(), suite(), InteropDevice.SECOND))) {
        StepFailed.unless(other.request(), "no answer for the second device");
        StepFailed.unless(one.request(), "no answer for the first device any more");
        StepFailed.unless(other.request(), "no answer for the second device any more");
      }
    }
  }

  void keepsAlive() throws Exception {
    try (Wire wire = new Wire(Serving.of(suite()).port());
        PeerSession session = peer.connect(Hello.of(wire.port(), suite(), InteropDevice.USUAL))) {
      StepFailed.unless(session.request(), ANSWERED);
      wire.handshakes().reset();
      for (int value : new int[] {0, 0xff, 22, 23}) {
        wire.keepAlive(value);
        StepFailed.unless(session.request(), "no answer after a byte");
      }
      StepFailed.unless(wire.handshakes().serverHellos() == 0, "it shakes hands once more");
    }
  }
}
