// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** Scandium of the release series before. */
final class ScandiumServer implements PeerServer {
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
  public PeerService start(PskSuite suite, String identity, byte[] key) throws Exception {
    return scandium.serve(suite, identity, key);
  }
}
