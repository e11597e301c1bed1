// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/** Bouncy Castle's DTLS. */
final class BouncyCastleServer implements PeerServer {
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
    return new BouncyCastleClient().version();
  }

  @Override
  public PeerService start(PskSuite suite, String identity, byte[] key) throws Exception {
    return BouncyCastleService.start(suite, identity, key);
  }
}
