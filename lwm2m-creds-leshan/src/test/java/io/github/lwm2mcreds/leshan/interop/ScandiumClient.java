// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.util.List;

/** Scandium of the release series before. */
final class ScandiumClient implements PeerClient {
  private OlderScandium scandium;

  @Override
  public String name() {
    return "Scandium 3";
  }

  @Override
  public void require() throws Exception {
    scandium = OlderScandium.load();
  }

  @Override
  public String version() throws Exception {
    return OlderScandium.version();
  }

  @Override
  public List<PskSuite> suites() {
    return List.of(PskSuite.CCM_8, PskSuite.CBC, PskSuite.ECDHE);
  }

  @Override
  public PeerSession connect(Hello hello) throws Exception {
    return scandium.begin(hello);
  }
}
