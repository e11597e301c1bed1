// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import java.util.List;
import org.slf4j.LoggerFactory;

/** Jetty's loggers, which show at DEBUG what connections carry. */
final class JettyLoggers {
  private static final List<String> NAMES =
      List.of(
          "org.eclipse.jetty",
          "org.eclipse.jetty.http.HttpParser",
          "org.eclipse.jetty.io.ssl.SslConnection",
          "org.eclipse.jetty.server.Request",
          "org.eclipse.jetty.server.internal.HttpConnection");

  private JettyLoggers() {}

  /** Refuses to start with them at DEBUG: parts of keys, and tokens, would be in the log. */
  static void requireQuiet() {
    for (String name : NAMES) {
      if (LoggerFactory.getLogger(name).isDebugEnabled()) {
        throw new IllegalStateException(
            "the logger "
                + name
                + " is at DEBUG, where Jetty shows parts of keys and tokens: set the level of"
                + " org.eclipse.jetty to INFO");
      }
    }
  }
}
