// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

/** What a comparison says of a device. */
public enum ImageOutcome {
  /** The image has the endpoint and the key that are expected of the device. */
  MATCH,
  /** The image has another key, or the device is expected to send another identity. */
  DIFFERS,
  /** The device is expected, and has no image. */
  MISSING_HERE,
  /** The image is of a device that is not expected. */
  MISSING_THERE,
  /** The device would use the firmware's built-in key, which everyone knows. */
  BUILT_IN_KEY,
  /** LwM2M would not start on the device. */
  WOULD_NOT_START,
  /** The device would use its serial number as its endpoint. */
  NO_ENDPOINT,
  /** Another image has the same endpoint. */
  SAME_ENDPOINT,
  /** The file cannot be read as an image. */
  UNREADABLE
}
