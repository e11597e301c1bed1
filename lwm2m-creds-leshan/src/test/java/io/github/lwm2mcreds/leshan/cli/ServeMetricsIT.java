// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.OTHER_TOKEN;
import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runnable jar's metrics, against what devices and an operator did to it. */
class ServeMetricsIT {
  @TempDir private Path folder;
  private TestStore store;
  private Child serve;
  private URI metrics;
  private int port;

  @BeforeEach
  void start() throws Exception {
    store = TestStore.init(folder);
    store.add("sensor-1", TOKEN);
    store.add("sensor-2", OTHER_TOKEN);
    serve =
        Child.startJar(
            folder, "serve", "--coaps-port", "0", "--store", "sqlite:fleet.db", "--metrics", "0");
    metrics = URI.create(after("metrics on "));
    port = URI.create(after("listening on ")).getPort();
  }

  @AfterEach
  void stop() {
    serve.close();
  }

  private String after(String beginning) throws InterruptedException {
    return serve.awaitLine(line -> line.startsWith(beginning)).substring(beginning.length());
  }

  @Test
  void metrics_afterAScriptedRun_haveItsCounts() throws Exception {
    Map<String, Double> before = sample();
    try (ScriptedDevice good = new ScriptedDevice(port, "sensor-1", TOKEN);
        ScriptedDevice wrongKey = new ScriptedDevice(port, "sensor-2", TOKEN);
        ScriptedDevice unknown = new ScriptedDevice(port, "stranger", TOKEN);
        ScriptedDevice unknownToo = new ScriptedDevice(port, "stranger", TOKEN);
        ScriptedDevice other =
            new ScriptedDevice(
                port, "sensor-2", OTHER_TOKEN, List.of(CipherSuite.TLS_PSK_WITH_AES_256_CCM_8))) {
      assertThat(good.ping()).isTrue();
      assertThat(good.ping()).as("in the same session").isTrue();
      good.resume();
      assertThat(good.ping()).isTrue();
      assertThat(wrongKey.ping()).isFalse();
      assertThat(unknown.ping()).isFalse();
      assertThat(unknownToo.ping()).isFalse();
      assertThat(other.ping()).isFalse();
      store.run("rotate", "sensor-2");
      store.run("revoke", "sensor-1");
      await().until(() -> sample().get("sessions_ended_total{cause=\"retired\"}") > 0);
    }

    Map<String, Double> after = sample();
    assertThat(after)
        .containsOnly(
            entry("handshakes_total{outcome=\"established\",reason=\"full\"}", 1.0),
            entry("handshakes_total{outcome=\"established\",reason=\"resumed\"}", 1.0),
            entry("handshakes_total{outcome=\"refused\",reason=\"wrong_key\"}", 1.0),
            entry("handshakes_total{outcome=\"refused\",reason=\"unknown_identity\"}", 2.0),
            entry("handshakes_total{outcome=\"refused\",reason=\"no_common_cipher_suite\"}", 1.0),
            entry("handshakes_total{outcome=\"refused\",reason=\"no_common_parameters\"}", 0.0),
            entry("handshakes_total{outcome=\"refused\",reason=\"unsupported_version\"}", 0.0),
            entry("handshakes_total{outcome=\"refused\",reason=\"fragmented_client_hello\"}", 0.0),
            entry("handshakes_total{outcome=\"refused\",reason=\"certificate_refused\"}", 0.0),
            entry("handshakes_total{outcome=\"refused\",reason=\"store_failed\"}", 0.0),
            entry("handshakes_total{outcome=\"aborted\",reason=\"retired\"}", 0.0),
            entry("handshakes_undiagnosed_total", after.get("handshakes_undiagnosed_total")),
            entry("handshakes_slowed_total{kind=\"network\"}", 0.0),
            entry("handshakes_slowed_total{kind=\"identity\"}", 0.0),
            entry("identities_under_attack", 0.0),
            entry("lookups_total{source=\"memory\"}", 2.0),
            entry("lookups_total{source=\"database\"}", 0.0),
            entry("lookups_total{source=\"none\"}", 2.0),
            entry("lookups_total{source=\"failed\"}", 0.0),
            entry("sessions_ended_total{cause=\"retired\"}", 1.0),
            entry("sessions_ended_total{cause=\"swept\"}", 0.0),
            entry("connections_displaced_total{kind=\"handshake\"}", 0.0),
            entry("connections_displaced_total{kind=\"session\"}", 0.0),
            entry("connections_displaced_total{kind=\"replaced\"}", 1.0), // by the resumed one
            entry("cluster_sent_total", 0.0),
            entry("cluster_refused_total", 0.0),
            entry("connections", after.get("connections")),
            entry("handshakes_under_way", after.get("handshakes_under_way")),
            entry("connections_left", after.get("connections_left")),
            entry("store_credentials", 1.0),
            entry("store_following", 1.0),
            entry("store_admits_newcomers", 1.0),
            entry("store_behind", 0.0),
            entry("store_position", 4.0),
            entry("store_rotations", 1.0),
            entry("store_keys_unopened", 0.0),
            entry("store_keys_oldest_age_seconds", after.get("store_keys_oldest_age_seconds")),
            entry("store_lag_seconds", after.get("store_lag_seconds")));
    assertThat(before.get("connections_left") - after.get("connections_left"))
        .as("sessions")
        .isEqualTo(after.get("connections") - after.get("handshakes_under_way"));
    assertThat(after.get("handshakes_undiagnosed_total"))
        .as("the second of the stranger, unless it came late")
        .isBetween(0.0, 1.0);
    assertThat(after.get("store_lag_seconds")).isBetween(0.0, 20.0);
    assertThat(after.get("store_keys_oldest_age_seconds")).isBetween(0.0, 300.0);
  }

  /** Our values by name and tags, without what all have in common. */
  private Map<String, Double> sample() throws Exception {
    Map<String, Double> values = new TreeMap<>();
    String uri = "uri=\"coaps://127.0.0.1:" + port + "\"";
    get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("lwm2m_creds_"))
        .map(line -> line.substring("lwm2m_creds_".length()))
        .map(line -> line.replace("," + uri, "").replace("{" + uri + "}", ""))
        .forEach(
            line -> {
              int end = line.lastIndexOf(' ');
              values.put(line.substring(0, end), Double.valueOf(line.substring(end + 1)));
            });
    return values;
  }

  @Test
  void paths_areThreeOfThem_readOnly() throws Exception {
    assertThat(get("/metrics").headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(get("/metrics").body()).contains("jvm_memory_used_bytes", "# HELP lwm2m_creds_");
    assertThat(get("/health").body()).isEqualTo("alive\n");
    assertThat(get("/ready").body()).isEqualTo("ready\n");
    for (String path : List.of("/", "/metrics/", "/metrics2", "/ready%2F")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(404);
    }
    HttpResponse<String> posted = send("/ready", "POST");
    assertThat(posted.statusCode()).isEqualTo(405);
    assertThat(posted.headers().firstValue("Allow")).contains("GET, HEAD");
    HttpResponse<String> head = send("/health", "HEAD");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Length")).contains("6");
  }

  @Test
  void paths_whileOthersSendSlowly_areAnswered() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        Socket socket = new Socket(metrics.getHost(), metrics.getPort());
        slow.add(socket);
        socket.getOutputStream().write("GET /metrics HTTP/1.1\r\n".getBytes(US_ASCII));
      }

      assertThat(get("/health").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void serve_partitionsWithoutStore_showsItsServer() throws Exception {
    String partition = store.partition("sensor-1", TOKEN);
    try (Child other =
        Child.startJar(
            folder, "serve", "--coaps-port=0", "--partition", partition, "--metrics=[::1]:0")) {
      String line = other.awaitLine(l -> l.startsWith("metrics on http://[::1]:"));
      other.awaitLine(l -> l.startsWith("listening on "));
      metrics = URI.create(line.substring("metrics on ".length()));

      assertThat(get("/ready").statusCode()).isEqualTo(200);
      assertThat(get("/metrics").body())
          .contains("lwm2m_creds_connections{")
          .doesNotContain("lwm2m_creds_store_");
    }
  }

  @Test
  void serve_terminated_endsItsMetricsToo() throws Exception {
    serve.terminate();

    assertThat(serve.awaitEnd()).isZero();
    assertThat(serve.output()).endsWith("stopped");
  }

  @Test
  void serve_metricsPortInUse_failsInOneLine() throws Exception {
    String taken = Integer.toString(metrics.getPort());
    try (Child second =
        Child.startJar(
            folder, "serve", "--coaps-port", "0", "--store=sqlite:fleet.db", "--metrics", taken)) {
      assertThat(second.awaitEnd()).isEqualTo(1);
      assertThat(second.output().lines()).hasSize(1);
      assertThat(second.output()).contains("--metrics: cannot listen on 127.0.0.1:" + taken);
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(path, "GET");
  }

  private HttpResponse<String> send(String path, String method) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(metrics.resolve(path))
                .method(method, BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
  }
}
