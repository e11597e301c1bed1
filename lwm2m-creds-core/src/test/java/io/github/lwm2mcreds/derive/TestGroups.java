// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static io.github.lwm2mcreds.store.TestCredentials.keyBytes;

import java.util.Arrays;

/** Groups of devices for tests; no contract's test has names like theirs. */
public final class TestGroups {
  public static final String SENSOR = "sensor-0000beef";

  private TestGroups() {}

  /** The group {@code sensor-%08x} with some versions of its key. */
  public static DeviceGroup sensors(int... versions) {
    return group("sensor-%08x", versions);
  }

  public static DeviceGroup group(String pattern, int... versions) {
    return DeviceGroup.of(
        pattern,
        KeyDerivation.hkdfSha256("test"),
        Arrays.stream(versions).mapToObj(TestGroups::key).toArray(GroupKey[]::new));
  }

  public static GroupKey key(int version) {
    return GroupKey.copyOf(version, keyBytes(1, version, 32));
  }
}
