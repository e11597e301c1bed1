// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_NOT_ASCII;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_TOO_LONG;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_NOT_ENDPOINT;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_NOT_STORABLE;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.IDENTITY_TOO_LONG;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.KEY_TOO_LONG;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.KEY_TOO_SHORT;

import io.github.lwm2mcreds.InvalidCredentialException.Reason;

/** Compares a credential with the limits of a device. */
final class ProfileCheck {
  private ProfileCheck() {}

  /** Checks the endpoint of a device that has it in a field of its own, and as its identity. */
  static void endpoint(DeviceProfile profile, DeviceCredential credential) {
    String endpoint = credential.endpoint();
    if (!endpoint.chars().allMatch(c -> c < 0x80)) {
      throw new InvalidCredentialException(
          ENDPOINT_NOT_ASCII,
          profile
              + " devices store only ASCII endpoints; '"
              + Printable.escape(endpoint)
              + "' has other characters");
    }
    if (endpoint.length() > profile.maxIdentityLength()) {
      throw refusal(
          profile,
          ENDPOINT_TOO_LONG,
          "endpoints of at most " + profile.maxIdentityLength(),
          endpoint.length());
    }
    if (!endpoint.equals(credential.pskIdentity().asString())) {
      throw new InvalidCredentialException(
          IDENTITY_NOT_ENDPOINT,
          profile
              + " devices use their endpoint as PSK identity; '"
              + Printable.escape(endpoint)
              + "' has the identity '"
              + credential.pskIdentity()
              + "'");
    }
  }

  static void identity(DeviceProfile profile, PskIdentity pskIdentity) {
    byte[] identity = pskIdentity.toBytes();
    if (identity.length > profile.maxIdentityLength()) {
      throw refusal(
          profile,
          IDENTITY_TOO_LONG,
          "PSK identities of at most " + profile.maxIdentityLength(),
          identity.length);
    }
    for (int i = 0; profile.identityEndsAtNul() && i < identity.length; i++) {
      if (identity[i] == 0) {
        throw new InvalidCredentialException(
            IDENTITY_NOT_STORABLE,
            profile
                + " devices send a PSK identity only up to its first NUL; byte "
                + i
                + " of '"
                + pskIdentity
                + "' is one");
      }
    }
  }

  static void key(DeviceProfile profile, PreSharedKey psk) {
    if (psk.length() > profile.maxKeyLength()) {
      throw refusal(
          profile, KEY_TOO_LONG, "keys of at most " + profile.maxKeyLength(), psk.length());
    }
    if (psk.length() < profile.minKeyLength()) {
      throw refusal(
          profile, KEY_TOO_SHORT, "keys of at least " + profile.minKeyLength(), psk.length());
    }
  }

  private static InvalidCredentialException refusal(
      DeviceProfile profile, Reason reason, String limit, int found) {
    return new InvalidCredentialException(
        reason,
        profile
            + " devices take "
            + limit
            + " bytes ("
            + profile.source()
            + "); this one has "
            + found);
  }
}
