// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.manifest.ManifestException.Reason;
import java.io.IOException;

/** The optional library that reads and writes CMS. This class can be loaded without it. */
final class BouncyCastle {
  private BouncyCastle() {}

  /** What needs the library. */
  interface Work<T> {
    T run() throws Exception;
  }

  /** Does what needs the library, and says so where it is missing. */
  static <T> T guarded(Work<T> work) throws IOException {
    try {
      return work.run();
    } catch (NoClassDefFoundError e) {
      throw new ManifestException(
          Reason.LIBRARY_MISSING,
          "sealed manifests and receipts need Bouncy Castle: add org.bouncycastle:bcpkix-jdk18on to"
              + " the class path",
          e);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ManifestException(
          Reason.UNSUITABLE_KEY, "a key cannot be used: " + e.getMessage(), e);
    }
  }
}
