// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import org.eclipse.leshan.servers.security.SecurityInfo;
import org.eclipse.leshan.servers.security.SecurityStoreListener;

/** What the listeners of a security store are told. */
record Removal(boolean infosAreCompromised, SecurityInfo... infos) {
  void tell(SecurityStoreListener listener) {
    listener.securityInfoRemoved(infosAreCompromised, infos);
  }
}
