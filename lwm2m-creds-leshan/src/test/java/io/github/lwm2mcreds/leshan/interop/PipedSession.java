// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.util.function.Supplier;

/** A session of a program that sends what it is written, and prints what it gets. */
record PipedSession(PeerProcess process, Supplier<PeerProcess> resuming) implements PeerSession {
  @Override
  public boolean request() throws InterruptedException {
    CoapRequest request = CoapRequest.next();
    process.write(request.bytes());
    return process.prints(request::isAnswered);
  }

  @Override
  public PeerSession resume() {
    return new PipedSession(resuming.get(), resuming);
  }

  @Override
  public void close() {
    process.close();
  }
}
