// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyCheckValue;
import java.util.Objects;
import java.util.Optional;

/**
 * What a label says of a device. None of it is secret.
 *
 * @param endpoint the device's LwM2M endpoint client name
 * @param checkValue the check value of its key
 * @param lot the number of the lot that it belongs to; on labels in CSV only
 */
public record Label(String endpoint, KeyCheckValue checkValue, Optional<String> lot) {
  /**
   * Checks the endpoint.
   *
   * @param endpoint 1 to 252 UTF-8 bytes without control characters
   * @param checkValue the check value of the device's key
   * @param lot the number of the lot
   * @throws io.github.lwm2mcreds.InvalidCredentialException if the endpoint is outside the limits
   */
  public Label {
    DeviceCredential.requireEndpoint(endpoint);
    Objects.requireNonNull(checkValue, "checkValue");
    Objects.requireNonNull(lot, "lot");
  }

  /**
   * Returns the label of a credential.
   *
   * @param credential stays the caller's
   * @param lot the number of the lot
   * @return the label
   */
  public static Label of(DeviceCredential credential, Optional<String> lot) {
    return new Label(credential.endpoint(), credential.psk().checkValue(), lot);
  }

  /**
   * Returns the text in the QR code: the endpoint as it is, a space, and the eight digits of the
   * check value. Endpoints may contain spaces, so the last space is the one that counts.
   *
   * @return one line of text
   */
  public String codeText() {
    return endpoint + " " + checkValue;
  }
}
