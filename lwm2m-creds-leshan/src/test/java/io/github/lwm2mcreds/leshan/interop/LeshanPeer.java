// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.io.IOException;
import java.util.List;
import java.util.Properties;
import org.eclipse.leshan.client.LeshanClient;

/** Leshan's client, which registers and updates its registration. */
final class LeshanPeer implements PeerClient {
  @Override
  public String name() {
    return "Leshan";
  }

  @Override
  public void require() {
    // it is on the class path
  }

  @Override
  public String version() throws IOException {
    Properties pom = new Properties();
    pom.load(
        LeshanClient.class.getResourceAsStream(
            "/META-INF/maven/org.eclipse.leshan/leshan-lwm2m-client/pom.properties"));
    return pom.getProperty("version");
  }

  @Override
  public List<PskSuite> suites() {
    return List.of(PskSuite.CCM_8, PskSuite.CBC, PskSuite.ECDHE);
  }

  @Override
  public PeerSession connect(Hello hello) {
    return new LeshanSession(hello);
  }
}
