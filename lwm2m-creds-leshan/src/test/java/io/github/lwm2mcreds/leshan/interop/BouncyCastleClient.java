// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.util.List;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Bouncy Castle's DTLS, with connection ids. */
final class BouncyCastleClient implements PeerClient {
  @Override
  public String name() {
    return "Bouncy Castle";
  }

  @Override
  public void require() {
    // it is on the class path
  }

  @Override
  public String version() {
    return new BouncyCastleProvider().getVersionStr();
  }

  @Override
  public List<PskSuite> suites() {
    return List.of(PskSuite.CCM_8, PskSuite.CBC, PskSuite.ECDHE);
  }

  @Override
  public PeerSession connect(Hello hello) throws Exception {
    return BouncyCastleSession.begin(hello, Optional.empty());
  }
}
