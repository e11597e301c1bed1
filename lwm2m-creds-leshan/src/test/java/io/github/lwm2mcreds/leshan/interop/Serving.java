// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import io.github.lwm2mcreds.leshan.cli.Child;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The runnable jar's {@code serve}, with all devices in one store: a server with the usual cipher
 * suites, and one with {@code --forward-secret}. They run as long as the tests' JVM.
 */
final class Serving {
  private static final Map<PskSuite, Serving> RUNNING = new EnumMap<>(PskSuite.class);

  private final Child serve;
  private final URI metrics;
  private final int port;

  private Serving(Path folder, List<String> more) throws InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("serve", "--coaps-port", "0", "--store", "sqlite:fleet.db", "--metrics", "0"));
    command.addAll(more);
    serve = Child.startJar(folder, Map.of(), command.toArray(String[]::new));
    Runtime.getRuntime().addShutdownHook(new Thread(serve::close));
    metrics = URI.create(after("metrics on ")).resolve("/metrics");
    port = URI.create(after("listening on ")).getPort();
  }

  private String after(String beginning) throws InterruptedException {
    return serve.awaitLine(line -> line.startsWith(beginning)).substring(beginning.length());
  }

  /** Returns the server for a kind of cipher suites, which is started if need be. */
  static synchronized Serving of(PskSuite suite) throws Exception {
    if (RUNNING.isEmpty()) {
      Path folder = Files.createTempDirectory("interop");
      addDevices(folder);
      Serving usual = new Serving(folder, List.of());
      RUNNING.put(PskSuite.CCM_8, usual);
      RUNNING.put(PskSuite.CBC, usual);
      RUNNING.put(PskSuite.ECDHE, new Serving(folder, List.of("--forward-secret")));
    }
    return RUNNING.get(suite);
  }

  private static void addDevices(Path folder) {
    try (JdbcCredentialStore store =
        JdbcCredentialStore.sqlite(folder.resolve("fleet.db")).openOrCreate()) {
      for (InteropDevice device : InteropDevice.values()) {
        if (device != InteropDevice.UNKNOWN) {
          store.add(device.credential());
        }
      }
    }
  }

  int port() {
    return port;
  }

  /** How many handshakes it has refused for a reason, as its metrics say. */
  long refused(String reason) {
    String reasons = "reason=\"" + reason + "\"";
    return scrape()
        .lines()
        .filter(each -> each.contains("_handshakes_total{") && each.contains(reasons))
        .mapToLong(each -> (long) Double.parseDouble(each.substring(each.lastIndexOf(' ') + 1)))
        .sum();
  }

  private String scrape() {
    try {
      HttpRequest request = HttpRequest.newBuilder(metrics).build();
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
