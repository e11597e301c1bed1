// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** What sealing, signing, verifying and opening share. */
final class Cms {
  /**
   * Bouncy Castle's own ciphers, which hand on what they decrypt piece by piece; those of the JDK
   * keep all of it until its end.
   */
  static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

  private Cms() {}
}
