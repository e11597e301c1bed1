// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_EMPTY;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_NOT_TEXT;
import static io.github.lwm2mcreds.InvalidCredentialException.Reason.ENDPOINT_TOO_LONG;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import javax.security.auth.Destroyable;

/**
 * What one device and its server share: the LwM2M endpoint client name, the PSK identity and the
 * pre-shared key.
 *
 * <p>A credential owns its key: destroying the credential destroys the key it was made with.
 */
public final class DeviceCredential implements Destroyable {
  /**
   * The maximum length of an endpoint in UTF-8 bytes: 252, as {@code ep=…} is one CoAP Uri-Query
   * option (RFC 7252 §5.10).
   */
  public static final int MAX_ENDPOINT_LENGTH = 252;

  private final String endpoint;
  private final PskIdentity pskIdentity;
  private final PreSharedKey psk;

  private DeviceCredential(String endpoint, PskIdentity pskIdentity, PreSharedKey psk) {
    this.endpoint = endpoint;
    this.pskIdentity = pskIdentity;
    this.psk = psk;
  }

  /**
   * Returns the credential of a device whose PSK identity is its endpoint, as on dm-lwm2m devices.
   *
   * @param endpoint 1 to 128 UTF-8 bytes without control characters
   * @param psk the key; owned by the credential from now on
   * @return the credential
   * @throws InvalidCredentialException if the endpoint is outside the limits
   */
  public static DeviceCredential of(String endpoint, PreSharedKey psk) {
    checkEndpoint(endpoint);
    return of(endpoint, PskIdentity.of(endpoint), psk);
  }

  /**
   * Returns a credential.
   *
   * @param endpoint 1 to 252 UTF-8 bytes without control characters
   * @param pskIdentity the identity that the device sends in its handshake
   * @param psk the key; owned by the credential from now on
   * @return the credential
   * @throws InvalidCredentialException if the endpoint is outside the limits
   */
  public static DeviceCredential of(String endpoint, PskIdentity pskIdentity, PreSharedKey psk) {
    checkEndpoint(endpoint);
    return new DeviceCredential(
        endpoint,
        Objects.requireNonNull(pskIdentity, "pskIdentity"),
        Objects.requireNonNull(psk, "psk"));
  }

  /**
   * Returns an endpoint unchanged if it is valid.
   *
   * @param endpoint 1 to 252 UTF-8 bytes without control characters
   * @return the endpoint
   * @throws InvalidCredentialException if it is outside the limits
   */
  public static String requireEndpoint(String endpoint) {
    checkEndpoint(endpoint);
    return endpoint;
  }

  static void checkEndpoint(String endpoint) {
    if (endpoint.isEmpty()) {
      throw new InvalidCredentialException(
          ENDPOINT_EMPTY, "the endpoint is empty; a device needs a name");
    }
    if (!isText(endpoint)) {
      throw new InvalidCredentialException(
          ENDPOINT_NOT_TEXT,
          "the endpoint '"
              + Printable.escape(endpoint)
              + "' contains a control character or a lone surrogate");
    }
    int length = endpoint.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_ENDPOINT_LENGTH) {
      throw new InvalidCredentialException(
          ENDPOINT_TOO_LONG,
          "the endpoint has "
              + length
              + " bytes; CoAP carries at most "
              + MAX_ENDPOINT_LENGTH
              + " (RFC 7252)");
    }
  }

  private static boolean isText(String endpoint) {
    for (int i = 0; i < endpoint.length(); ) {
      int c = endpoint.codePointAt(i);
      if (Character.isISOControl(c)
          || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        return false;
      }
      i += Character.charCount(c);
    }
    return true;
  }

  /**
   * Returns the LwM2M endpoint client name.
   *
   * @return 1 to 252 UTF-8 bytes of text
   */
  public String endpoint() {
    return endpoint;
  }

  /**
   * Returns the identity that the device sends in its handshake.
   *
   * @return the PSK identity
   */
  public PskIdentity pskIdentity() {
    return pskIdentity;
  }

  /**
   * Returns the key itself, not a copy.
   *
   * @return the pre-shared key, owned by this credential
   */
  public PreSharedKey psk() {
    return psk;
  }

  /** Destroys the key. */
  @Override
  public void destroy() {
    psk.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return psk.isDestroyed();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeviceCredential that
        && endpoint.equals(that.endpoint)
        && pskIdentity.equals(that.pskIdentity)
        && psk.equals(that.psk);
  }

  @Override
  public int hashCode() {
    return Objects.hash(endpoint, pskIdentity);
  }

  @Override
  public String toString() {
    return "DeviceCredential[endpoint="
        + Printable.escape(endpoint)
        + ", pskIdentity="
        + pskIdentity
        + ", psk="
        + psk
        + "]";
  }
}
