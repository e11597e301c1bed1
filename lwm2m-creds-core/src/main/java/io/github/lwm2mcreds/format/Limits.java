// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_NOT_ENDPOINT;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_NOT_STORABLE;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.InvalidCredentialException;
import java.util.function.IntPredicate;

/** Refuses credentials that a format cannot hold, before anything is written. */
final class Limits {
  private Limits() {}

  /** Refuses an endpoint other than the identity in a format that has no place for it. */
  static void requireEndpointIsIdentity(String format, DeviceCredential credential) {
    if (!credential.endpoint().equals(credential.pskIdentity().asString())) {
      throw new InvalidCredentialException(
          IDENTITY_NOT_ENDPOINT,
          "the format "
              + format
              + " holds a PSK identity and a key but no endpoint, which the firmware chooses"
              + " itself; to write these two, make a credential whose endpoint is the PSK identity"
              + " '"
              + credential.pskIdentity()
              + "'");
    }
  }

  /** Refuses an identity with a byte that the format cannot hold. */
  static byte[] identity(
      String format, DeviceCredential credential, String what, IntPredicate isHeld) {
    byte[] identity = credential.pskIdentity().toBytes();
    for (int i = 0; i < identity.length; i++) {
      if (!isHeld.test(identity[i] & 0xff)) {
        throw new InvalidCredentialException(
            IDENTITY_NOT_STORABLE,
            String.format(
                "the format %s holds only PSK identities of %s; byte %d of '%s' is 0x%02x",
                format, what, i, credential.pskIdentity(), identity[i] & 0xff));
      }
    }
    return identity;
  }

  static byte[] identityWithoutNul(String format, DeviceCredential credential) {
    return identity(format, credential, "bytes other than NUL", b -> b != 0);
  }

  static int securityTag(long tag) {
    if (tag < 0 || tag > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a security tag is 0 to " + Integer.MAX_VALUE + ", not " + tag);
    }
    return (int) tag;
  }
}
