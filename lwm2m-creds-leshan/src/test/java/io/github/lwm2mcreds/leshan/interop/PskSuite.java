// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import java.util.List;
import java.util.Locale;

/**
 * Kinds of cipher suites with a pre-shared key. Whether a peer has all of a kind does not matter.
 */
public enum PskSuite {
  CCM_8(0xc0a8),
  CBC(0x00ae),
  /** With AES-128: CBC_SHA256, GCM_SHA256, CCM_8_SHA256, CCM_SHA256. */
  ECDHE(0xc037, 0xd001, 0xd003, 0xd005);

  private final List<Integer> codes;

  PskSuite(Integer... codes) {
    this.codes = List.of(codes);
  }

  /** Whether a code that a ServerHello has is of this kind. */
  public boolean has(int code) {
    return codes.contains(code);
  }

  /** As the clients in C call it. */
  public String word() {
    return name().replace("_", "").toLowerCase(Locale.ROOT);
  }
}
