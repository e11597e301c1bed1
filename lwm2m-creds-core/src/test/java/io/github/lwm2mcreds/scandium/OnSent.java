// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MessageCallback;

/** What is done, on the thread that sends, when a message of an established session is sent. */
record OnSent(Runnable action) implements MessageCallback {
  @Override
  public void onSent() {
    action.run();
  }

  @Override
  public void onError(Throwable error) {
    // the action is missed then
  }

  @Override
  public void onConnecting() {
    // there is a session
  }

  @Override
  public void onDtlsRetransmission(int flight) {
    // there is no handshake
  }

  @Override
  public void onContextEstablished(EndpointContext context) {
    // before it is sent
  }
}
