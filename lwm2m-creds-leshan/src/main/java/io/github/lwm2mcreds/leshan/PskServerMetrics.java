// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.metrics.ServerMetrics;
import io.github.lwm2mcreds.scandium.PskClusterConnector;
import io.github.lwm2mcreds.scandium.PskServerConnector;
import io.github.lwm2mcreds.scandium.ServerCounts;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.elements.Connector;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.endpoint.LwM2mServerEndpoint;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpoint;

/**
 * The meters of a Leshan server: those of {@link ServerMetrics} for each of its coaps endpoints,
 * with the tag {@code uri}, such as {@code coaps://0.0.0.0:5684}. Its store has {@linkplain
 * io.github.lwm2mcreds.metrics.StoreMetrics meters of its own}.
 *
 * <pre>{@code
 * server.start();
 * new PskServerMetrics(server).bindTo(registry);
 * }</pre>
 */
@SuppressWarnings("exports") // who does without Micrometer must not require it
public final class PskServerMetrics implements MeterBinder, AutoCloseable {
  private final List<ServerMetrics> endpoints;

  /**
   * Makes the meters of a server.
   *
   * @param server built by {@link PskServer} or with a {@link PskCoapsServerProtocolProvider};
   *     started before, if it picks a port itself
   * @throws IllegalArgumentException if it has no coaps endpoint of the provider
   */
  public PskServerMetrics(LeshanServer server) {
    this.endpoints =
        server.getEndpoints().stream().flatMap(each -> metrics(each).stream()).toList();
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException(
          "the server has no coaps endpoint of a PskCoapsServerProtocolProvider");
    }
  }

  private static Optional<ServerMetrics> metrics(LwM2mServerEndpoint endpoint) {
    return endpoint instanceof CaliforniumServerEndpoint californium
        ? counts(californium.getCoapEndpoint().getConnector())
            .map(each -> new ServerMetrics(each, Tags.of("uri", endpoint.getURI().toString())))
        : Optional.empty();
  }

  private static Optional<ServerCounts> counts(Connector connector) {
    if (connector instanceof PskServerConnector single) {
      return Optional.of(single.counts());
    }
    return connector instanceof PskClusterConnector node
        ? Optional.of(node.counts())
        : Optional.empty();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    endpoints.forEach(endpoint -> endpoint.bindTo(registry));
  }

  /** Takes the meters out of all registries again, as when the server is destroyed. */
  @Override
  public void close() {
    endpoints.forEach(ServerMetrics::close);
  }
}
