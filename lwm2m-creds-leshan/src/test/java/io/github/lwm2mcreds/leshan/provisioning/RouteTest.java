// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lwm2mcreds.leshan.provisioning.Route.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {
  private static final String CLIENTS = "/api/security/clients";

  @ParameterizedTest
  @CsvSource({
    "a, a",
    "a/b, a/b",
    "a%2Fb, a/b",
    "a%2fb, a/b",
    "%2E%2E, ..",
    "a//b, a//b",
    "a%25b, a%b",
    "a%5Cb, a\\b",
    "a+b, a+b",
    "gr%C3%BCn, grün",
    "urn:imei:1, urn:imei:1",
    "a;b=c, a;b=c",
  })
  void delete_anyName_isDecoded(String encoded, String endpoint) throws Refusal {
    assertThat(Route.of("DELETE", CLIENTS + "/" + encoded, null))
        .isEqualTo(new Route(Action.REMOVE, endpoint, ""));
  }

  @Test
  void delete_withRevoke_revokes() throws Refusal {
    assertThat(Route.of("DELETE", CLIENTS + "/a", "revoke"))
        .isEqualTo(new Route(Action.REVOKE, "a", ""));
    assertThat(Route.of("DELETE", CLIENTS + "/a", "revoke=stolen+in%20transit%2B"))
        .isEqualTo(new Route(Action.REVOKE, "a", "stolen in transit+"));
  }

  @Test
  void put_pathOfTheOldTutorial_namesTheEndpoint() throws Refusal {
    assertThat(Route.of("PUT", "/api/security/dead%20beef", null))
        .isEqualTo(new Route(Action.PUT, "dead beef", ""));
    assertThat(Route.of("PUT", CLIENTS, null)).isEqualTo(new Route(Action.PUT, "", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, , 404",
    "GET, /api/security, , 404",
    "GET, /api/security/, , 404",
    "PUT, /api/security/a/b, , 404",
    "DELETE, /api/security/clients/, , 404",
    "POST, /api/security/clients, , 405",
    "HEAD, /api/security/clients, , 405",
    "OPTIONS, /api/security/clients, , 405",
    "GET, /api/security/clients/a, , 405",
    "PUT, /api/security/clients/a, , 405",
    "GET, /api/security/server, , 405",
    "GET, /api/security/clients, x=y, 400",
    "DELETE, /api/security/clients/a, revoked, 400",
    "DELETE, /api/security/clients/a, revoke=a&b=c, 400",
    "DELETE, /api/security/clients/%, , 400",
    "DELETE, /api/security/clients/%0, , 400",
    "DELETE, /api/security/clients/%0g, , 400",
    "DELETE, /api/security/clients/%FF, , 400",
  })
  void anythingElse_isRefused(String method, String path, String query, int status) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> Route.of(method, path, query));

    assertThat(refusal).isNotNull();
    assertThat(refusal.status()).isEqualTo(status);
    assertThat(refusal.headers().containsKey("Allow")).isEqualTo(status == 405);
  }
}
