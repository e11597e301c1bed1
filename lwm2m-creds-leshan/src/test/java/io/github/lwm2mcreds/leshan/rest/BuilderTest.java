// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNSENDABLE;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.assertRefused;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuilderTest {
  private static LeshanSecurityApi.Builder builder(String uri) {
    return LeshanSecurityApi.builder(URI.create(uri));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8080",
        "http://LOCALHOST",
        "http://127.0.0.1:8080",
        "http://127.255.3.9",
        "http://[::1]:8080",
        "https://leshan.example:8443",
        "HTTPS://leshan.example",
        "https://192.0.2.7/base/",
      })
  void build_tlsOrThisMachine_isAllowed(String uri) {
    assertThat(builder(uri).build()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://leshan.example:8080",
        "http://192.0.2.7",
        "http://localhost.example",
        "http://localhost.",
        "http://127.0.0.1.example",
        "http://127.1.example",
        "http://128.0.0.1",
        "http://[::2]",
        "http://[::ffff:127.0.0.1]",
        "http://0.0.0.0",
        "HTTP://leshan.example",
      })
  void build_plainHttpElsewhere_isRefusedUnlessAllowed(String uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(uri).build())
        .withMessageContainingAll("in clear", "https");
    assertThat(builder(uri).allowPlainHttp().build()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user:hunter2@host",
        "https://hunter2@host",
        "https://hunter2@bad_host:1",
        "https:user:hunter2@host",
        "https://host?hunter2",
        "https://host#hunter2",
        "ftp://host/hunter2",
        "coaps://host",
        "localhost:8080",
        "host",
        "",
        "https:///path",
        "https://bad_host",
        "https://host:0",
        "https://host:65536",
      })
  void builder_uriThatIsNoServers_isRefusedWithoutShowingSecrets(String uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(uri))
        .matches(e -> !e.getMessage().contains("hunter2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/leshan", "/leshan/", "/a/b"})
  void path_ofTheServer_isKept(String path) throws Exception {
    String base = path.replaceAll("/$", "");
    try (FakeLeshanApi server = FakeLeshanApi.below(base)) {
      URI uri = server.uri().resolve(path);
      LeshanSecurityApi client = LeshanSecurityApi.builder(uri).build();
      client.put(credential("dev-1"));
      client.list();
      client.remove("dev-1");

      assertThat(server.requests())
          .extracting(FakeLeshanApi.Request::rawPath)
          .containsExactly(
              base + "/api/security/clients",
              base + "/api/security/clients",
              base + "/api/security/clients/dev-1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/api/security",
        "/api/security/",
        "/api/security/clients",
        "/api/security/clients//",
      })
  void path_ofTheApiItself_isTheSameServer(String path) throws Exception {
    for (String base : List.of("", "/leshan")) {
      try (FakeLeshanApi server = FakeLeshanApi.below(base)) {
        LeshanSecurityApi client =
            LeshanSecurityApi.builder(URI.create(server.uri() + path)).build();
        client.put(credential("dev-1"));

        assertThat(server.stored("dev-1")).isNotNull();
        assertThat(client).hasToString("LeshanSecurityApi[" + server.uri() + "/api/security]");
      }
    }
  }

  @Test
  void path_thatOnlyResemblesTheApis_isKept() {
    assertThat(builder("https://host/api/security2").build())
        .hasToString("LeshanSecurityApi[https://host/api/security2/api/security]");
    assertThat(builder("https://host/api/security/v2").build())
        .hasToString("LeshanSecurityApi[https://host/api/security/v2/api/security]");
  }

  @Test
  void trust_withPlainHttp_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                builder("http://localhost")
                    .trust(TestCertificates.selfSigned("localhost").certificate())
                    .build())
        .withMessageContaining("https");
  }

  @Test
  void timeout_notPositive_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder("https://host").connectTimeout(Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder("https://host").requestTimeout(Duration.ofMillis(-1)));
  }

  @Test
  void header_given_goesWithEveryRequestAndIsWiped() throws Exception {
    List<char[]> given = new ArrayList<>();
    try (FakeLeshanApi server = FakeLeshanApi.older()) {
      LeshanSecurityApi client =
          LeshanSecurityApi.builder(server.uri())
              .header(
                  "Authorization",
                  () -> {
                    given.add(("Bearer hunter" + given.size()).toCharArray());
                    return given.get(given.size() - 1);
                  })
              .build();
      client.put(credential("dev-1"));
      client.list();
      client.remove("dev-1");

      assertThat(server.requests())
          .extracting(request -> request.headers().get("Authorization"))
          .containsExactly(
              List.of("Bearer hunter0"),
              List.of("Bearer hunter1"),
              List.of("Bearer hunter2"),
              List.of("Bearer hunter3"));
      assertThat(given).allSatisfy(value -> assertThat(value).containsOnly('\0'));
      assertThat(client.toString()).doesNotContain("hunter", "Bearer");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2\r\nX: y", "hunter2\u00e9", "\0\0\0", "hunter2\n"})
  void header_valueThatHttpCannotCarry_isRefusedWithoutShowingIt(String value) {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      LeshanSecurityApi client =
          LeshanSecurityApi.builder(server.uri()).header("X-Key", value::toCharArray).build();

      assertRefused(UNSENDABLE, client::list)
          .withMessageContaining("X-Key")
          .matches(e -> !e.getMessage().contains("hunter2"))
          .withNoCause();
      assertThat(server.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "Host", "Content-Length"})
  void header_nameThatIsNone_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder("https://host").header(name, () -> new char[0]));
  }

  @Test
  void client_asText_namesItsServer() {
    assertThat(builder("https://host:8443/x").build())
        .hasToString("LeshanSecurityApi[https://host:8443/x/api/security]");
  }
}
