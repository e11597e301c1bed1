// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.FakeLeshanApi.answering;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.IDENTITY_IN_USE;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.NOT_LESHAN;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.REJECTED;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.SERVER_ERROR;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNREMOVABLE;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNSENDABLE;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.KEY_HEX;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.assertRefused;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.credential;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PutTest {
  @Test
  void put_newerServer_takesOneRequestInTheNewerForm() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.client().put(credential("dev-1", "id-1"));

      assertThat(server.stored("dev-1")).isEqualTo("id-1/" + KEY_HEX);
      assertThat(server.requests())
          .singleElement()
          .satisfies(
              request -> {
                assertThat(request.method()).isEqualTo("PUT");
                assertThat(request.rawPath()).isEqualTo("/api/security/clients");
                assertThat(request.headers().get("Content-type"))
                    .containsExactly("application/json");
                assertThat(request.body())
                    .isEqualTo(
                        "{\"endpoint\":\"dev-1\",\"tls\":{\"mode\":\"psk\",\"details\":"
                            + "{\"identity\":\"id-1\",\"key\":\""
                            + KEY_HEX
                            + "\"}}}");
              });
    }
  }

  @Test
  void put_olderServer_triesTheOlderFormNext() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.older()) {
      server.client().put(credential("dev-1", "id-1"));

      assertThat(server.stored("dev-1")).isEqualTo("id-1/" + KEY_HEX);
      assertThat(server.requests()).hasSize(2);
      assertThat(server.requests().get(1).body())
          .isEqualTo(
              "{\"endpoint\":\"dev-1\",\"psk\":{\"identity\":\"id-1\",\"key\":\""
                  + KEY_HEX
                  + "\"}}");
    }
  }

  @Test
  void put_olderServerAgain_takesOneRequest() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.older()) {
      LeshanSecurityApi client = server.client();
      client.put(credential("dev-1"));
      client.put(credential("dev-2"));

      assertThat(server.requests()).hasSize(3);
      assertThat(server.stored("dev-2")).isEqualTo("dev-2/" + KEY_HEX);
    }
  }

  @Test
  void put_serverUpgradedMeanwhile_returnsToTheNewerForm() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.older()) {
      LeshanSecurityApi client = server.client();
      client.put(credential("dev-1"));
      server.become(true);
      client.put(credential("dev-2"));
      client.put(credential("dev-3"));

      assertThat(server.requests()).hasSize(5);
      assertThat(server.stored("dev-3")).isEqualTo("dev-3/" + KEY_HEX);
    }
  }

  @Test
  void put_serverDowngradedMeanwhile_turnsToTheOlderForm() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      LeshanSecurityApi client = server.client();
      client.put(credential("dev-1"));
      server.become(false);
      client.put(credential("dev-2"));

      assertThat(server.requests()).hasSize(3);
      assertThat(server.stored("dev-2")).isEqualTo("dev-2/" + KEY_HEX);
    }
  }

  @Test
  void put_endpointThatHasOne_replacesIt() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.client().put(credential("dev-1", "old"));
      server.client().put(credential("dev-1", "new"));

      assertThat(server.stored("dev-1")).isEqualTo("new/" + KEY_HEX);
    }
  }

  @Test
  void put_textThatJsonEscapes_arrivesAsItIs() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.clientOfAnyEndpoint().put(credential("\"dev\\é😀/", "\u0000\n\"é😀"));

      assertThat(server.stored("\"dev\\é😀/")).isEqualTo("\u0000\n\"é😀/" + KEY_HEX);
      assertThat(server.requests().get(0).body()).isASCII();
    }
  }

  @Test
  void put_longestCredentialThereIs_arrivesWhole() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      String endpoint = "\"".repeat(252);
      String identity = "\u0001".repeat(128);
      byte[] hex = KEY_HEX.repeat(4).getBytes(StandardCharsets.US_ASCII);
      server
          .client()
          .put(DeviceCredential.of(endpoint, PskIdentity.of(identity), PreSharedKey.ofHex(hex)));

      assertThat(server.stored(endpoint)).isEqualTo(identity + "/" + KEY_HEX.repeat(4));
    }
  }

  @Test
  void put_identityOfAnotherEndpoint_saysWhoseItIs() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.older()) {
      LeshanSecurityApi client = server.client();
      client.put(credential("dev-1", "shared"));

      assertRefused(IDENTITY_IN_USE, () -> client.put(credential("dev-2", "shared")))
          .withMessageContaining("'shared' of 'dev-2' belongs to 'dev-1' on the server")
          .matches(e -> e.status().getAsInt() == 400)
          .matches(e -> e.identityOwner().equals(Optional.of("dev-1")));
      assertThat(server.stored("dev-2")).isNull();
    }
  }

  @Test
  void put_identityOfAnotherEndpointThatTheListDoesNotTell_isRefusedAllTheSame() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(
          exchange ->
              answering(
                      exchange.getRequestMethod().equals("PUT") ? 400 : 403,
                      "PSK Identity shared is already used")
                  .handle(exchange));

      assertRefused(IDENTITY_IN_USE, () -> server.client().put(credential("dev-2", "shared")))
          .withMessageContaining("belongs to another endpoint on the server")
          .matches(e -> e.identityOwner().isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".", "..", "a/../b", "./a", "a/.", "a//b", "/lead", "trail/", "/", "a%b", "%2F", "a\\b"
      })
  void put_endpointThatCouldNotBeRemovedAgain_isRefusedUnlessAllowed(String endpoint)
      throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      assertRefused(UNREMOVABLE, () -> server.client().put(credential(endpoint, "id")))
          .withMessageContainingAll("removed", "allow");
      assertRefused(
          UNREMOVABLE, () -> server.client().compare(List.of(credential(endpoint, "id"))));
      assertThat(server.requests()).isEmpty();

      server.clientOfAnyEndpoint().put(credential(endpoint, "id"));
      assertThat(server.stored(endpoint)).isEqualTo("id/" + KEY_HEX);
    }
  }

  @Test
  void put_identityOfAnotherEndpoint_stillTellsTheDialect() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.older()) {
      server.client().put(credential("dev-1", "shared"));
      LeshanSecurityApi client = server.client();
      assertRefused(IDENTITY_IN_USE, () -> client.put(credential("dev-2", "shared")));
      int before = server.requests().size();
      client.put(credential("dev-2", "own"));

      assertThat(server.requests()).hasSize(before + 1);
    }
  }

  @Test
  void put_refusedInBothForms_namesBothAndTheServersWords() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(
          exchange -> {
            boolean first = server.requests().size() == 1;
            answering(first ? 400 : 500, first ? "Invalid request body: no more room" : "")
                .handle(exchange);
          });

      assertRefused(REJECTED, () -> server.client().put(credential("dev-1")))
          .withMessageContainingAll(
              "2.0.0-M8 and later", "before 2.0.0-M8", "HTTP 400", "HTTP 500", "no more room");
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void put_olderFormRefusedAsWell_isRejected() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(answering(400, "Invalid request body"));

      assertRefused(REJECTED, () -> server.client().put(credential("dev-1")));
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void put_serverFailsInTheNewerForm_doesNotTryTheOlder() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(answering(500, ""));

      assertRefused(SERVER_ERROR, () -> server.client().put(credential("dev-1")))
          .matches(e -> e.status().getAsInt() == 500);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void put_loginPageWithStatus200_isNotTakenForSuccess() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(answering(200, "<html>Please log in</html>"));

      assertRefused(NOT_LESHAN, () -> server.client().put(credential("dev-1")));
    }
  }

  @Test
  void put_serverEchoesTheKey_isNotShown() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(
          answering(409, "bad key " + KEY_HEX.toUpperCase(Locale.ROOT) + " \u001b[2J here"));

      assertRefused(REJECTED, () -> server.client().put(credential("dev-1")))
          .withMessageContaining("bad key <redacted> \\u001b[2J here")
          .matches(e -> !e.getMessage().contains(KEY_HEX.toUpperCase(Locale.ROOT)));
    }
  }

  @Test
  void put_identityThatIsNotUtf8_isRefusedBeforeSending() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      DeviceCredential credential =
          DeviceCredential.of("dev-1", PskIdentity.ofBytes(new byte[] {(byte) 0xff}), key());

      assertRefused(UNSENDABLE, () -> server.client().put(credential))
          .withMessageContainingAll("\\xff", "UTF-8")
          .matches(e -> e.status().isEmpty());
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void put_destroyedCredential_isRefusedBeforeSending() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      DeviceCredential credential = credential("dev-1");
      credential.destroy();

      assertThatIllegalStateException().isThrownBy(() -> server.client().put(credential));
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void put_manyAtOnce_allArriveAndTheDialectIsFoundOnceEach() throws Exception {
    int threads = 8;
    int each = 25;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try (FakeLeshanApi server = FakeLeshanApi.older()) {
      LeshanSecurityApi client = server.client();
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int first = t * each;
        running.add(
            executor.submit(
                () -> {
                  for (int i = first; i < first + each; i++) {
                    client.put(credential("dev-" + i));
                  }
                  return null;
                }));
      }
      for (Future<?> thread : running) {
        thread.get();
      }

      for (int i = 0; i < threads * each; i++) {
        assertThat(server.stored("dev-" + i)).isEqualTo("dev-" + i + "/" + KEY_HEX);
      }
      assertThat(server.requests()).hasSizeLessThanOrEqualTo(threads * each + threads);
    } finally {
      executor.shutdownNow();
    }
  }
}
