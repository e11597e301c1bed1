// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.util.List;
import org.eclipse.californium.scandium.ConnectionListener;
import org.eclipse.californium.scandium.dtls.Connection;

/**
 * Several connection listeners as one, called in their order. A connection is closed if one of them
 * says so.
 */
record ConnectionListeners(List<ConnectionListener> listeners) implements ConnectionListener {
  @Override
  public void onConnectionEstablished(Connection connection) {
    listeners.forEach(listener -> listener.onConnectionEstablished(connection));
  }

  @Override
  public void onConnectionRemoved(Connection connection) {
    listeners.forEach(listener -> listener.onConnectionRemoved(connection));
  }

  @Override
  public boolean onConnectionUpdatesSequenceNumbers(
      Connection connection, boolean writeSequenceNumber) {
    boolean close = false;
    for (ConnectionListener listener : listeners) {
      close |= listener.onConnectionUpdatesSequenceNumbers(connection, writeSequenceNumber);
    }
    return close;
  }

  @Override
  public boolean onConnectionMacError(Connection connection) {
    boolean close = false;
    for (ConnectionListener listener : listeners) {
      close |= listener.onConnectionMacError(connection);
    }
    return close;
  }

  @Override
  public void beforeExecution(Connection connection) {
    listeners.forEach(listener -> listener.beforeExecution(connection));
  }

  @Override
  public void updateExecution(Connection connection) {
    listeners.forEach(listener -> listener.updateExecution(connection));
  }

  @Override
  public void afterExecution(Connection connection) {
    listeners.forEach(listener -> listener.afterExecution(connection));
  }
}
