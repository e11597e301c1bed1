// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.PublicKey;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.RawPublicKeyIdentity;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.Test;

class OtherSessionsTest {
  private static final SecurityInfo RAW_PUBLIC_KEY = TestInfos.rawPublicKey("ep");
  private static final SecurityInfo CERTIFICATE = SecurityInfo.newX509CertInfo("ep");

  @Test
  void rawPublicKey_isOfTheInfoThatHasIt() {
    PublicKey key = RAW_PUBLIC_KEY.getRawPublicKey();

    assertThat(OtherSessions.isOf(new RawPublicKeyIdentity(key), RAW_PUBLIC_KEY)).isTrue();
    assertThat(OtherSessions.isOf(new RawPublicKeyIdentity(key), TestInfos.rawPublicKey("ep")))
        .isFalse();
    assertThat(OtherSessions.isOf(new RawPublicKeyIdentity(key), CERTIFICATE)).isFalse();
  }

  @Test
  void certificate_isOfTheEndpointOfItsCommonName() {
    assertThat(OtherSessions.isOf(new X500Principal("CN=ep,O=o"), CERTIFICATE)).isTrue();
    assertThat(OtherSessions.isOf(new X500Principal("CN=other"), CERTIFICATE)).isFalse();
  }

  /** Leshan's own throws then, and nobody's session behind it is looked at. */
  @Test
  void certificate_withoutACommonName_isNobodys() {
    assertThat(OtherSessions.isOf(new X500Principal("O=o"), CERTIFICATE)).isFalse();
    assertThat(OtherSessions.isOf(new X500Principal("O=o"), RAW_PUBLIC_KEY)).isFalse();
  }

  @Test
  void preSharedKey_isLeftToTheConnector() {
    assertThat(OtherSessions.isOf(new PreSharedKeyIdentity("ep"), CERTIFICATE)).isFalse();
  }
}
