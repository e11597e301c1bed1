// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a caller of the provisioning endpoint may do. Nobody reads keys back. */
public enum ProvisioningRole {
  /** Adds credentials; replaces none, takes none away, and lists none. */
  FACTORY,
  /** Adds, replaces, removes and revokes credentials, and lists them without their keys. */
  OPERATOR;

  /**
   * Returns the role as an access file names it.
   *
   * @return the name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a role by its name in an access file.
   *
   * @param id the name in lower case
   * @return the role; empty if no role has that name
   */
  public static Optional<ProvisioningRole> of(String id) {
    return Stream.of(values()).filter(role -> role.id().equals(id)).findAny();
  }
}
