// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DeviceProfile;
import io.github.lwm2mcreds.InvalidCredentialException;
import java.util.Objects;

/**
 * A file in which a kind of device takes its credential: writes it and reads it back.
 *
 * <p>What is written is read back as an equal credential. A format is immutable and may be used by
 * several threads.
 */
public interface DeviceFormat {
  /**
   * Returns the name under which {@link DeviceFormats#named} finds the format.
   *
   * @return lower-case letters, digits and hyphens
   */
  String name();

  /**
   * Returns the file of a credential.
   *
   * @param credential the credential; not changed
   * @return the file's bytes, with the key in clear; the caller should wipe them after use
   * @throws InvalidCredentialException if the format or the device cannot hold the credential
   * @throws IllegalStateException if the credential was destroyed
   */
  byte[] encode(DeviceCredential credential);

  /**
   * Returns the credential in a file. Any bytes give a credential or a {@link
   * DeviceFormatException}, and nothing else.
   *
   * @param file the file's bytes; not kept
   * @return the credential; its endpoint is its PSK identity where the format has no place for one
   * @throws DeviceFormatException if the file is damaged, incomplete or ambiguous
   */
  DeviceCredential decode(byte[] file) throws DeviceFormatException;

  /**
   * Returns this format for devices of one kind: it refuses to write a credential that they do not
   * take, beside those that the format itself refuses. It reads as before.
   *
   * @param profile the devices
   * @return a format with the same name and files
   */
  default DeviceFormat forDevice(DeviceProfile profile) {
    return new ProfiledFormat(this, Objects.requireNonNull(profile, "profile"));
  }
}
