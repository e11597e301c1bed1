package io.github.lwm2mcreds.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A credential as a database keeps it. The arrays belong to the row. */
record CredentialRow(byte[] endpoint, byte[] identity, Role role, byte[] sealed) {
  /** What an endpoint uses the credential for; the order is that of the database's numbers. */
  enum Role {
    CURRENT,
    NEXT
  }

  boolean isOf(byte[] otherEndpoint) {
    return Arrays.equals(endpoint, otherEndpoint);
  }

  /** A name as the key of a map. */
  static ByteBuffer key(byte[] name) {
    return ByteBuffer.wrap(name);
  }
}
