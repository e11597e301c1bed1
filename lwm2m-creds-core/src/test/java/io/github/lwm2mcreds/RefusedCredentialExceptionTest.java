// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a store's refusals say, and what a program can ask them. */
class RefusedCredentialExceptionTest {
  private static final Instant TIME = Instant.parse("2026-11-22T20:27:36Z");
  private static final PskIdentity IDENTITY = PskIdentity.of("id");

  @Test
  void revokedEndpoint_withReason_namesBoth() {
    Revocation revocation = new Revocation("dead\nbeef", Optional.empty(), TIME, "lost\n");
    RevokedCredentialException refusal = new RevokedCredentialException("new", revocation);
    assertThat(refusal)
        .hasMessageStartingWith(
            "the endpoint 'dead\\u000abeef' was revoked on 2026-11-22T20:27:36Z (lost\\u000a); ");
    assertThat(refusal.endpoint()).isEqualTo("new");
    assertThat(refusal.revocation()).isSameAs(revocation);
  }

  @Test
  void revokedIdentity_withoutReason_namesTheIdentity() {
    Revocation revocation = new Revocation("deadbeef", Optional.of(IDENTITY), TIME, "");
    assertThat(new RevokedCredentialException("new", revocation))
        .hasMessageStartingWith("the PSK identity 'id' was revoked on 2026-11-22T20:27:36Z; ");
  }

  @Test
  void duplicateIdentity_isNamed() {
    DuplicatePskIdentityException refusal = new DuplicatePskIdentityException(IDENTITY);
    assertThat(refusal.pskIdentity()).isEqualTo(IDENTITY);
    assertThat(refusal).hasMessageContaining("'id'");
  }

  @Test
  void endpointInUse_isNamed() {
    EndpointInUseException refusal = new EndpointInUseException("dead\nbeef");
    assertThat(refusal.endpoint()).isEqualTo("dead\nbeef");
    assertThat(refusal)
        .hasMessage(
            "the endpoint 'dead\\u000abeef' already has another credential;"
                + " replace it to use this one");
  }
}
