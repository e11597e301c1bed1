// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.rest.SecurityEntry.Mode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An entry of which the fields are still coming, in any order; wiped when closed. */
final class EntryDraft implements AutoCloseable {
  private String endpoint;
  private Mode mode = Mode.OTHER;
  private String identity;
  private KeyCheckValue checkValue;
  private byte[] keyHex = {};

  void endpoint(String endpoint) {
    this.endpoint = endpoint;
  }

  EntryDraft mode(Mode mode) {
    this.mode = mode;
    return this;
  }

  /** Notes OSCORE, which a client may use besides DTLS. */
  void oscore() {
    if (mode == Mode.OTHER) {
      mode = Mode.OSCORE;
    }
  }

  void identity(String identity) {
    this.identity = identity;
  }

  /** Notes what a server shows that gives no keys; nothing of what is no check value. */
  void checkValue(String text) {
    checkValue = KeyCheckValue.parse(text).orElse(null);
  }

  /** Takes hex digits out of a buffer, which is wiped; of a public key if the mode turns out so. */
  void takeKey(char[] buffer, int offset, int length) {
    close();
    keyHex = new byte[length];
    for (int i = 0; i < length; i++) {
      char c = buffer[offset + i];
      keyHex[i] = (byte) (c < 0x80 ? c : '?');
    }
    Arrays.fill(buffer, offset, offset + length, '\0');
  }

  boolean hasEndpoint() {
    return endpoint != null;
  }

  SecurityEntry finish() {
    return mode == Mode.PSK
        ? new SecurityEntry(endpoint, mode, pskIdentity(), psk(), checkValue)
        : new SecurityEntry(endpoint, mode, null, null, null);
  }

  private PskIdentity pskIdentity() {
    if (identity == null || !isUnicode(identity)) {
      return null;
    }
    try {
      return PskIdentity.of(identity);
    } catch (InvalidCredentialException e) {
      return null;
    }
  }

  private PreSharedKey psk() {
    try {
      return PreSharedKey.ofHex(keyHex);
    } catch (InvalidCredentialException e) {
      return null;
    }
  }

  /** Returns whether text can be sent as UTF-8; JSON can spell lone surrogates, which cannot. */
  static boolean isUnicode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  @Override
  public void close() {
    Arrays.fill(keyHex, (byte) 0);
  }
}
