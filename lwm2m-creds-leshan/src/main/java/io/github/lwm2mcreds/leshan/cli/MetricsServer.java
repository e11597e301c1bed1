// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.lwm2mcreds.leshan.PskServerMetrics;
import io.github.lwm2mcreds.metrics.StoreMetrics;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.leshan.server.LeshanServer;

/** Shows a server's metrics by HTTP in the text form of Prometheus, and whether it is ready. */
final class MetricsServer implements Monitor {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** How many requests are answered at a time: more than a few who send slowly can hold up. */
  private static final int THREADS = 16;

  private record Answer(int status, String type, String body) {}

  private final HttpServer http;
  private final ExecutorService threads;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Readiness readiness = new Readiness();

  private MetricsServer(HttpServer http) {
    this.http = http;
    this.threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "lwm2m-creds metrics server");
              thread.setDaemon(true);
              return thread;
            });
  }

  static MetricsServer start(InetSocketAddress address) throws IOException {
    setDefault("sun.net.httpserver.maxReqTime", "3"); // or one who sends slowly holds a thread
    setDefault("sun.net.httpserver.maxRspTime", "10");
    MetricsServer server = new MetricsServer(HttpServer.create(address, 0));
    new JvmMemoryMetrics().bindTo(server.registry);
    new JvmThreadMetrics().bindTo(server.registry);
    new ProcessorMetrics().bindTo(server.registry);
    server.http.setExecutor(server.threads);
    server.http.createContext("/", server::handle);
    server.http.start();
    return server;
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  int port() {
    return http.getAddress().getPort();
  }

  @Override
  public void loaded(MirroredCredentialStore store, Duration staleAfter) {
    new StoreMetrics(store).bindTo(registry);
    readiness.loaded(store, staleAfter);
  }

  @Override
  public void started(LeshanServer server) {
    new PskServerMetrics(server).bindTo(registry);
    readiness.started();
  }

  @Override
  public void stopping() {
    readiness.stopping();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      Answer answer = answer(exchange.getRequestURI().getPath());
      if (answer.status != 404 && !Set.of("GET", "HEAD").contains(method)) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        answer = new Answer(405, TEXT, "GET or HEAD only\n");
      }
      send(exchange, answer, method.equals("HEAD"));
    }
  }

  private Answer answer(String path) {
    return switch (path) {
      case "/metrics" -> new Answer(200, PROMETHEUS_TEXT, registry.scrape());
      case "/health" -> new Answer(200, TEXT, "alive\n");
      case "/ready" -> {
        String trouble = readiness.trouble();
        yield trouble.isEmpty()
            ? new Answer(200, TEXT, "ready\n")
            : new Answer(503, TEXT, trouble + "\n");
      }
      default -> new Answer(404, TEXT, "not found: see /metrics, /health and /ready\n");
    };
  }

  private static void send(HttpExchange exchange, Answer answer, boolean headOnly)
      throws IOException {
    byte[] body = answer.body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type);
    if (headOnly) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(answer.status, -1);
      return;
    }
    exchange.sendResponseHeaders(answer.status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
    registry.close();
  }
}
