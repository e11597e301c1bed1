// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

/** An endpoint's name as bytes. */
public final class Names {
  private Names() {}

  /**
   * Returns the UTF-8 bytes of an endpoint that is looked for. Text that has no UTF-8 form, of
   * which Java would make another's name, is nobody's name: of that there are no bytes.
   */
  public static byte[] bytes(String endpoint) {
    byte[] name = endpoint.getBytes(UTF_8);
    return new String(name, UTF_8).equals(endpoint) ? name : new byte[0];
  }
}
