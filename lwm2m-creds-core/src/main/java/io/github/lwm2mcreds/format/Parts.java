// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.format.DeviceFormatException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The parts of a credential as a reader finds them; destroys the key of one that is incomplete. */
final class Parts implements AutoCloseable {
  private String endpoint;
  private PskIdentity identity;
  private PreSharedKey psk;
  private boolean isComplete;

  void endpoint(byte[] utf8, int offset) throws DeviceFormatException {
    requireAbsent(endpoint, "endpoint", offset);
    String text = text(utf8, offset);
    endpoint = valid(offset, () -> DeviceCredential.requireEndpoint(text));
  }

  void identity(byte[] bytes, int offset) throws DeviceFormatException {
    requireAbsent(identity, "PSK identity", offset);
    identity = valid(offset, () -> PskIdentity.ofBytes(bytes));
  }

  /** Takes the key's bytes and overwrites the array. */
  void psk(byte[] secret, int offset) throws DeviceFormatException {
    requireAbsent(psk, "key", offset);
    psk = valid(offset, () -> SecretBytes.useAndWipe(secret, PreSharedKey::copyOf));
  }

  /** The credential of a format that has no place for an endpoint. */
  DeviceCredential ofIdentity(int end) throws DeviceFormatException {
    requirePresent(identity, "PSK identity", end);
    requirePresent(psk, "key", end);
    return complete(end, () -> DeviceCredential.of(identity.asString(), identity, psk));
  }

  DeviceCredential ofAll(int end) throws DeviceFormatException {
    requirePresent(endpoint, "endpoint", end);
    requirePresent(identity, "PSK identity", end);
    requirePresent(psk, "key", end);
    return complete(end, () -> DeviceCredential.of(endpoint, identity, psk));
  }

  private DeviceCredential complete(int end, Supplier<DeviceCredential> credential)
      throws DeviceFormatException {
    DeviceCredential complete = valid(end, credential);
    isComplete = true;
    return complete;
  }

  private static String text(byte[] utf8, int offset) throws DeviceFormatException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new DeviceFormatException(Reason.MALFORMED, offset, "the endpoint is not UTF-8");
    }
  }

  private static <T> T valid(int offset, Supplier<T> value) throws DeviceFormatException {
    try {
      return value.get();
    } catch (InvalidCredentialException e) {
      throw new DeviceFormatException(Reason.INVALID_CREDENTIAL, offset, e.getMessage());
    }
  }

  private static void requireAbsent(Object part, String what, int offset)
      throws DeviceFormatException {
    if (part != null) {
      throw new DeviceFormatException(
          Reason.AMBIGUOUS, offset, "the file contains more than one " + what);
    }
  }

  private static void requirePresent(Object part, String what, int end)
      throws DeviceFormatException {
    if (part == null) {
      throw new DeviceFormatException(Reason.MISSING, end, "the file contains no " + what);
    }
  }

  @Override
  public void close() {
    if (!isComplete && psk != null) {
      psk.destroy();
    }
  }
}
