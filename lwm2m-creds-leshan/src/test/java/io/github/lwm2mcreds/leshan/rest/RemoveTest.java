// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.FakeLeshanApi.answering;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.NOT_LESHAN;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.REJECTED;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNSENDABLE;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.assertRefused;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoveTest {
  private static FakeLeshanApi server(boolean newer) {
    return newer ? FakeLeshanApi.newer() : FakeLeshanApi.older();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void remove_knownEndpoint_isTrueOnce(boolean newer) throws Exception {
    try (FakeLeshanApi server = server(newer)) {
      LeshanSecurityApi client = server.client();
      client.put(credential("dev-1"));

      assertThat(client.remove("dev-1")).isTrue();
      assertThat(server.stored("dev-1")).isNull();
      assertThat(client.remove("dev-1")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void remove_endpointWithSlashes_takesOneRequest(boolean newer) throws Exception {
    try (FakeLeshanApi server = server(newer)) {
      LeshanSecurityApi client = server.client();
      client.put(credential("site/rack/dev"));
      int before = server.requests().size();

      assertThat(client.remove("site/rack/dev")).isTrue();
      assertThat(server.requests()).hasSize(before + 1);
      assertThat(server.requests().get(before).rawPath())
          .isEqualTo("/api/security/clients/site/rack/dev");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "urn:imei:1234",
        "a b",
        "a+b",
        "a%2Fb",
        "a\\b",
        "a;v=1",
        "a?b#c",
        "é😀",
        "a&b='c'",
        ".a",
        "..."
      })
  void remove_endpointThatNeedsEncoding_removesThatOne(String endpoint) throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.older()) {
      LeshanSecurityApi client = server.clientOfAnyEndpoint();
      client.put(credential(endpoint));
      client.put(credential("other"));

      assertThat(client.remove(endpoint)).isTrue();
      assertThat(server.stored(endpoint)).isNull();
      assertThat(server.stored("other")).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "./a", "a/.", "a\nb", "a\ud800"})
  void remove_endpointThatAPathCannotCarry_isRefusedBeforeSending(String endpoint) {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      assertRefused(UNSENDABLE, () -> server.client().remove(endpoint));
      assertThat(server.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%b", "a\\b", "100%", "%2F"})
  void remove_endpointThatNewerServersRefuse_isRejectedWithTheReason(String endpoint)
      throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      LeshanSecurityApi client = server.clientOfAnyEndpoint();
      client.put(credential(endpoint));

      assertRefused(REJECTED, () -> client.remove(endpoint))
          .withMessageContainingAll("Bad Message 400", "% or \\", "own store")
          .matches(e -> e.status().getAsInt() == 400);
      assertThat(server.stored(endpoint)).isNotNull();
    }
  }

  @Test
  void remove_serverRefusesAnotherName_doesNotBlameThePath() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(answering(400, "<h1>Bad Message 400</h1>"));

      assertRefused(REJECTED, () -> server.client().remove("dev-1"))
          .withMessageContaining("server's log")
          .matches(e -> !e.getMessage().contains("own store"));
    }
  }

  @Test
  void remove_pageNotFoundWithText_isNotTakenForAnUnknownEndpoint() {
    try (FakeLeshanApi server = FakeLeshanApi.older()) {
      server.override(answering(404, "<html>no such page</html>"));

      assertRefused(NOT_LESHAN, () -> server.client().remove("dev-1"));
    }
  }

  @Test
  void remove_loginPageWithStatus200_isNotTakenForSuccess() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(answering(200, "<html>Please log in</html>"));

      assertRefused(NOT_LESHAN, () -> server.client().remove("dev-1"));
    }
  }

  @Test
  void remove_notFoundSpacedOtherwise_isFalse() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(answering(200, "{ \"message\" : \"not_found\" }\n"));

      assertThat(server.client().remove("dev-1")).isFalse();
    }
  }
}
