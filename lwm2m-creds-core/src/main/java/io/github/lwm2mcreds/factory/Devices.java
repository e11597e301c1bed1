// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.manifest.ManifestRow;
import java.io.IOException;
import java.util.List;

/** The devices that a run makes, in an order that is always the same. */
interface Devices {
  /** Takes a device. */
  interface Step {
    /** Takes a device with its key; the row is destroyed afterwards. */
    void take(ManifestRow row) throws IOException;
  }

  /** Checks all devices, before anything is made of them; reports what is wrong. */
  void check(DeviceChecks checks) throws IOException;

  /** Returns how many there are; known after the check. */
  long count();

  /** Returns the columns that are not part of a credential; known after the check. */
  List<String> columns();

  /** Describes the devices in one line, so that others are noticed; known after the check. */
  String settings();

  /** Makes the devices. */
  void forEach(LotKeys keys, Step step) throws IOException;
}
