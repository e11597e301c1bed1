// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import java.util.Objects;
import java.util.Optional;
import javax.security.auth.Destroyable;

/**
 * What a Leshan server holds for one endpoint.
 *
 * <p>An entry owns its key, and belongs to the caller, who should destroy it after use.
 */
public final class SecurityEntry implements Destroyable {
  /** How the endpoint secures its traffic. */
  public enum Mode {
    /** DTLS with a pre-shared key. */
    PSK,
    /** DTLS with a raw public key. */
    RPK,
    /** DTLS with an X.509 certificate. */
    X509,
    /** OSCORE alone. */
    OSCORE,
    /** A mode that this library does not know. */
    OTHER
  }

  private final String endpoint;
  private final Mode mode;
  private final PskIdentity pskIdentity;
  private final PreSharedKey psk;
  private final KeyCheckValue shown;

  /** Makes an entry; identity, key and the check value that the server shows may be null. */
  SecurityEntry(
      String endpoint, Mode mode, PskIdentity pskIdentity, PreSharedKey psk, KeyCheckValue shown) {
    this.endpoint = Objects.requireNonNull(endpoint);
    this.mode = Objects.requireNonNull(mode);
    this.pskIdentity = pskIdentity;
    this.psk = psk;
    this.shown = shown;
  }

  /**
   * Returns the LwM2M endpoint client name.
   *
   * @return the name as the server has it, which may be outside the limits of {@link
   *     DeviceCredential}
   */
  public String endpoint() {
    return endpoint;
  }

  /**
   * Returns how the endpoint secures its traffic.
   *
   * @return the mode
   */
  public Mode mode() {
    return mode;
  }

  /**
   * Returns the identity that the device is expected to send in its handshake.
   *
   * @return the identity; empty if the mode is not {@link Mode#PSK}, or the server holds one that
   *     is empty, too long or not well-formed Unicode
   */
  public Optional<PskIdentity> pskIdentity() {
    return Optional.ofNullable(pskIdentity);
  }

  /**
   * Returns the key itself, not a copy.
   *
   * @return the pre-shared key, owned by this entry; empty if the mode is not {@link Mode#PSK}, the
   *     server gives no keys, or it holds one that is empty, too long or not hex
   */
  public Optional<PreSharedKey> psk() {
    return Optional.ofNullable(psk);
  }

  /**
   * Returns the check value of the key, which a server may give instead of the key.
   *
   * @return that of {@link #psk}, or else the one that the server shows; empty if there is neither
   */
  public Optional<KeyCheckValue> checkValue() {
    return psk == null ? Optional.ofNullable(shown) : Optional.of(psk.checkValue());
  }

  /**
   * Returns whether the key is the same as another, as far as the server lets it be known: by the
   * key itself, or else by its check value.
   */
  boolean hasKey(PreSharedKey other) {
    return psk == null ? Optional.of(other.checkValue()).equals(checkValue()) : psk.equals(other);
  }

  /**
   * Returns the entry as a credential.
   *
   * @return the credential, which shares this entry's key; empty without an identity or a key
   * @throws InvalidCredentialException if the endpoint is outside the limits
   */
  public Optional<DeviceCredential> credential() {
    return pskIdentity == null || psk == null
        ? Optional.empty()
        : Optional.of(DeviceCredential.of(endpoint, pskIdentity, psk));
  }

  /** Destroys the key, if there is one. */
  @Override
  public void destroy() {
    if (psk != null) {
      psk.destroy();
    }
  }

  @Override
  public boolean isDestroyed() {
    return psk != null && psk.isDestroyed();
  }

  @Override
  public String toString() {
    return "SecurityEntry[endpoint="
        + Printable.escape(endpoint)
        + ", mode="
        + mode
        + (pskIdentity == null ? "" : ", pskIdentity=" + pskIdentity)
        + (psk == null ? "" : ", psk=" + psk)
        + "]";
  }
}
