// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** The security API of a Leshan server of either kind, on the loopback interface. */
public final class FakeLeshanApi implements AutoCloseable {
  /** One request as it came. */
  public record Request(
      String method, String rawPath, Map<String, List<String>> headers, String body) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROOT = "/api/security";
  private static final String MODE = "mode";

  /** What the web server of the newer ones answers itself. */
  private static final Pattern AMBIGUOUS = Pattern.compile("%2[Ff5]|%5[Cc]");

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, JsonNode> entries = new ConcurrentHashMap<>();
  private final AtomicInteger putsToAnswer = new AtomicInteger(Integer.MAX_VALUE);
  private final CountDownLatch stalled = new CountDownLatch(1);
  private final String prefix;
  private final HttpServer server;
  private final String scheme;
  private volatile boolean newer;
  private volatile HttpHandler override;
  private volatile HttpHandler overridePut;
  private volatile Runnable beforePut = () -> {};

  private FakeLeshanApi(boolean newer, SSLContext tls, String prefix) {
    this.newer = newer;
    this.prefix = prefix;
    this.scheme = tls == null ? "http" : "https";
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      if (tls == null) {
        server = HttpServer.create(address, 0);
      } else {
        HttpsServer https = HttpsServer.create(address, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        server = https;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  /** A server of Leshan 2.0.0-M8 or later. */
  public static FakeLeshanApi newer() {
    return new FakeLeshanApi(true, null, "");
  }

  /** A server of Leshan 1.x to 2.0.0-M7. */
  public static FakeLeshanApi older() {
    return new FakeLeshanApi(false, null, "");
  }

  public static FakeLeshanApi overTls(TestCertificates certificates) {
    return new FakeLeshanApi(true, certificates.serverContext(), "");
  }

  public static FakeLeshanApi below(String prefix) {
    return new FakeLeshanApi(true, null, prefix);
  }

  static HttpHandler answering(int status, String body) {
    return exchange -> answer(exchange, status, body);
  }

  public URI uri() {
    return URI.create(scheme + "://localhost:" + server.getAddress().getPort() + prefix);
  }

  /** Makes a client of this server with its defaults. */
  LeshanSecurityApi client() {
    return LeshanSecurityApi.builder(uri()).build();
  }

  /** Makes a client that puts endpoints which it cannot remove again. */
  LeshanSecurityApi clientOfAnyEndpoint() {
    return LeshanSecurityApi.builder(uri()).allowUnremovableEndpoints().build();
  }

  public List<Request> requests() {
    return requests;
  }

  /** Gives what is stored for an endpoint, as identity/KEYHEX, or null. */
  public String stored(String endpoint) {
    JsonNode psk = entries.get(endpoint);
    return psk == null || psk.has(MODE)
        ? null
        : psk.get("identity").asText() + "/" + psk.get("key").asText();
  }

  /** Has an endpoint use a raw public key, "rpk", or a certificate, "x509". */
  public void hold(String endpoint, String mode) {
    entries.put(endpoint, JSON.createObjectNode().put(MODE, mode));
  }

  void become(boolean newerVersion) {
    this.newer = newerVersion;
  }

  /** Has every request answered so, whatever it is. */
  void override(HttpHandler handler) {
    this.override = handler;
  }

  /** Has every credential that is put answered so. */
  public void overridePut(int status, String body) {
    this.overridePut = answering(status, body);
  }

  /** Answers a number of puts and none after them, until it is closed. */
  public void stallAfterPuts(int count) {
    putsToAnswer.set(count);
  }

  /** Has something happen while a credential is on its way. */
  void beforePut(Runnable happening) {
    this.beforePut = happening;
  }

  /** Returns the endpoints that the server knows. */
  public Set<String> endpoints() {
    return Set.copyOf(entries.keySet());
  }

  /** Forgets what the requests were. */
  public void forgetRequests() {
    requests.clear();
  }

  /** Returns whether a put is waiting that will not be answered. */
  public boolean isHoldingPuts() {
    return putsToAnswer.get() < 0;
  }

  /** Goes on answering every put. */
  public void goOn() {
    putsToAnswer.set(Integer.MAX_VALUE);
  }

  private boolean isStalled() {
    if (putsToAnswer.getAndUpdate(left -> left == Integer.MAX_VALUE ? left : left - 1) > 0) {
      return false;
    }
    try {
      stalled.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getRawPath();
      requests.add(
          new Request(
              exchange.getRequestMethod(),
              path,
              Map.copyOf(exchange.getRequestHeaders()),
              new String(body, StandardCharsets.UTF_8)));
      if (override != null) {
        override.handle(exchange);
        return;
      }
      String clients = prefix + ROOT + "/clients";
      switch (exchange.getRequestMethod()) {
        case "GET" -> {
          if (path.equals(clients)) {
            answer(exchange, 200, list());
          }
        }
        case "PUT" -> {
          beforePut.run();
          if (isStalled()) {
            return;
          }
          if (overridePut != null) {
            overridePut.handle(exchange);
          } else if (path.equals(clients)) {
            put(exchange, body);
          }
        }
        case "DELETE" -> {
          if (path.startsWith(clients + "/")) {
            delete(exchange, path.substring(clients.length() + 1));
          }
        }
        default -> answer(exchange, 405, "");
      }
      if (exchange.getResponseCode() == -1) {
        answer(exchange, 404, "<html>Not Found</html>");
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private synchronized void put(HttpExchange exchange, byte[] body) throws IOException {
    JsonNode credential;
    try {
      credential = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      answer(exchange, 400, "Invalid request body");
      return;
    }
    JsonNode psk = newer ? credential.at("/tls/details") : credential.path("psk");
    if (!psk.isObject()) {
      answer(exchange, newer ? 500 : 400, newer ? "" : "Invalid request body");
      return;
    }
    if (!psk.path("key").asText().matches("([0-9a-fA-F]{2})+")) {
      String detail = newer ? ": key parameter must be a valid hex string at [Source: x]" : "";
      answer(exchange, 400, "Invalid request body" + detail);
      return;
    }
    String endpoint = credential.get("endpoint").asText();
    String identity = psk.get("identity").asText();
    for (Map.Entry<String, JsonNode> other : entries.entrySet()) {
      if (!other.getKey().equals(endpoint)
          && other.getValue().path("identity").asText().equals(identity)) {
        answer(exchange, 400, "PSK Identity " + identity + " is already used");
        return;
      }
    }
    entries.put(endpoint, psk);
    answer(exchange, 200, "");
  }

  private void delete(HttpExchange exchange, String rawEndpoint) throws IOException {
    if (newer && AMBIGUOUS.matcher(rawEndpoint).find()) {
      answer(exchange, 400, "<h1>Bad Message 400</h1>");
      return;
    }
    String endpoint = URLDecoder.decode(rawEndpoint.replace("+", "%2B"), StandardCharsets.UTF_8);
    if (entries.remove(endpoint) != null) {
      answer(exchange, 200, "");
    } else if (newer) {
      answer(exchange, 200, "{\"message\":\"not_found\"}");
    } else {
      answer(exchange, 404, "");
    }
  }

  private String list() {
    ArrayNode list = JSON.createArrayNode();
    entries.forEach((endpoint, held) -> add(list.addObject().put("endpoint", endpoint), held));
    return list.toString();
  }

  private void add(ObjectNode entry, JsonNode held) {
    String mode = held.path(MODE).asText("psk");
    if (newer) {
      entry.putObject("tls").put("mode", mode).set("details", held);
    } else if (mode.equals("x509")) {
      entry.put(mode, true);
    } else {
      entry.set(mode, held);
    }
  }

  @Override
  public void close() {
    stalled.countDown();
    server.stop(0);
    executor.shutdownNow();
  }
}
