// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import java.util.List;
import java.util.Optional;

/** Groups of which each device, and so each identity, belongs to one at most. */
record DeviceGroups(List<DeviceGroup> all) {
  DeviceGroups {
    for (int i = 0; i < all.size(); i++) {
      for (DeviceGroup other : all.subList(0, i)) {
        if (other.mayOverlap(all.get(i))) {
          throw new IllegalArgumentException(
              "an endpoint might belong to both "
                  + other
                  + " and "
                  + all.get(i)
                  + "; its PSK identity would not tell which key it has");
        }
      }
    }
  }

  static DeviceGroups of(DeviceGroup... groups) {
    return new DeviceGroups(List.of(groups));
  }

  Optional<String> endpointOf(PskIdentity pskIdentity) {
    return all.stream().flatMap(group -> group.endpointOf(pskIdentity).stream()).findFirst();
  }

  Optional<DeviceCredential> find(PskIdentity pskIdentity) {
    return all.stream().flatMap(group -> group.find(pskIdentity).stream()).findFirst();
  }

  /** The identities of an endpoint, that of the newest version last; none if it is in no group. */
  List<PskIdentity> identities(String endpoint) {
    return all.stream().flatMap(group -> group.identities(endpoint).stream()).toList();
  }
}
