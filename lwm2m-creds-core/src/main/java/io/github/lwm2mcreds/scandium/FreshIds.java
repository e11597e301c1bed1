// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.ConnectionIdGenerator;

/** Makes connection ids that no idle connection has; Scandium sees to those in use. */
record FreshIds(ConnectionIdGenerator generator, IdleMoves idle) implements ConnectionIdGenerator {
  private static final int TRIES = 10;

  @Override
  public boolean useConnectionId() {
    return generator.useConnectionId();
  }

  @Override
  public ConnectionId createConnectionId() {
    for (int i = 0; i < TRIES; i++) {
      ConnectionId id = generator.createConnectionId();
      if (!idle.isIdle(id)) {
        return id;
      }
    }
    throw new IllegalStateException("Connection ids exhausted!"); // as Scandium says it
  }

  @Override
  public ConnectionId read(DatagramReader reader) {
    return generator.read(reader);
  }
}
