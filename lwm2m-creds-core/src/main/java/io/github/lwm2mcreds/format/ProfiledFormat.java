// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DeviceProfile;

/** A format for one kind of device, which is asked before anything is written. */
record ProfiledFormat(DeviceFormat format, DeviceProfile profile) implements DeviceFormat {
  @Override
  public String name() {
    return format.name();
  }

  @Override
  public byte[] encode(DeviceCredential credential) {
    profile.check(credential);
    return format.encode(credential);
  }

  @Override
  public DeviceCredential decode(byte[] file) throws DeviceFormatException {
    return format.decode(file);
  }
}
