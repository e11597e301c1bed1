// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import javax.net.ssl.SSLException;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;

/** Logs who did not get through TLS, for example with a certificate of another authority. */
final class HandshakeFailures implements SslHandshakeListener {
  @Override
  public void handshakeFailed(Event event, Throwable failure) {
    if (failure instanceof SSLException e) { // and not who was gone before
      ProvisioningEvents.handshakeFailed(event.getEndPoint().getRemoteSocketAddress(), e);
    }
  }
}
