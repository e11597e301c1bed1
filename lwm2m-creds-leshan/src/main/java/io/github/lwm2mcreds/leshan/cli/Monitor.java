// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.time.Duration;
import org.eclipse.leshan.server.LeshanServer;

/** Shows the state of a server to others. */
interface Monitor extends AutoCloseable {
  /** A monitor that shows nothing. */
  Monitor NONE = new Monitor() {};

  /**
   * Called when the server's store is loaded.
   *
   * @param staleAfter how long the store may be out of reach before the server is not ready
   */
  default void loaded(MirroredCredentialStore store, Duration staleAfter) {}

  /** Called when the server listens. */
  default void started(LeshanServer server) {}

  /** Called before the server stops. */
  default void stopping() {}

  @Override
  default void close() {}
}
