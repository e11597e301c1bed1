// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.store.InMemoryEngine;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.link.Link;
import org.eclipse.leshan.core.peer.IpPeer;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.security.Authorizer;
import org.eclipse.leshan.servers.security.Authorization;
import org.junit.jupiter.api.Test;

/** A {@link CredentialAuthorizer} behind and in front of others. */
class AuthorizersTest {
  private static final EndpointUri COAPS = new EndpointUri("coaps", "localhost", 5684);

  private final InMemoryEngine credentials = new InMemoryEngine();
  private final List<RegistrationRefusal> refusals = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private final CredentialAuthorizer.Builder builder =
      CredentialAuthorizer.builder(new LeshanSecurityStore(credentials)).onRefusal(refusals::add);

  @Test
  void all_approving_areAskedInOrderAndTheirDataGoOn() {
    credentials.put(PskInfos.credential(TestInfos.psk("ep", "id", 1)));
    builder
        .behind(approving("first", Map.of("tenant", "a", "both", "first")))
        .behind(approving("second", Map.of()))
        .inFrontOf(approving("third", Map.of("quota", "7", "both", "third")));

    Authorization result = register("id");

    assertThat(result.isApproved()).isTrue();
    assertThat(asked).containsExactly("first", "second", "third");
    assertThat(result.getCustomData())
        .isEqualTo(Map.of("tenant", "a", "quota", "7", "both", "third"));
    assertThat(refusals).isEmpty();
  }

  @Test
  void authorizerBehindWhichItIs_declining_endsItAndIsReported() {
    credentials.put(PskInfos.credential(TestInfos.psk("ep", "id", 1)));
    builder.behind(declining()).inFrontOf(approving("next", Map.of()));

    assertThat(register("id").isApproved()).isFalse();
    assertThat(asked).isEmpty();
    assertThat(refusals)
        .containsExactly(
            new RegistrationRefusal(
                "ep", "PSK identity 'id'", "another authoriser of the server declined it"));
  }

  @Test
  void identityOfNoCredential_isDeclinedWhateverOthersApprove() {
    builder.behind(approving("first", Map.of())).inFrontOf(approving("next", Map.of()));

    assertThat(register("id").isApproved()).isFalse();
    assertThat(asked).containsExactly("first");
    assertThat(refusals)
        .extracting(RegistrationRefusal::reason)
        .containsExactly("the endpoint has no credential");
  }

  @Test
  void rotation_declinedByTheNext_isNotConfirmed() {
    credentials.put(PskInfos.credential(TestInfos.psk("ep", "id", 1)));
    credentials.rotate(PskInfos.credential(TestInfos.psk("ep", "id2", 2)), Instant.MAX);
    List<Authorization> answers =
        new ArrayList<>(List.of(Authorization.declined(), Authorization.approved()));
    builder.inFrontOf((request, registration, sender, uri) -> answers.remove(0));
    CredentialAuthorizer authorizer = builder.build();

    assertThat(register(authorizer, "id2").isApproved()).isFalse();
    assertThat(refusals).hasSize(1);
    assertThat(register(authorizer, "id2").isApproved()).isTrue();

    await().until(() -> !credentials.confirmed.isEmpty());
    assertThat(credentials.confirmed).hasSize(1);
  }

  private Authorization register(String identity) {
    return register(builder.build(), identity);
  }

  private static Authorization register(CredentialAuthorizer authorizer, String identity) {
    IpPeer sender = new IpPeer(new InetSocketAddress("localhost", 1), TestInfos.peer(identity));
    RegisterRequest request =
        new RegisterRequest(
            "ep", null, "1.1", null, null, null, new Link[] {new Link("/3/0")}, null);
    Registration registration = new Registration.Builder("r", "ep", sender, COAPS).build();
    return authorizer.isAuthorized(request, registration, sender, COAPS);
  }

  private Authorizer approving(String name, Map<String, String> customData) {
    return (request, registration, sender, uri) -> {
      asked.add(name);
      return Authorization.approved(customData);
    };
  }

  private static Authorizer declining() {
    return (request, registration, sender, uri) -> Authorization.declined();
  }
}
