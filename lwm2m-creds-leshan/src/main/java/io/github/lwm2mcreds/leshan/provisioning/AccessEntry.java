// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

/**
 * Somebody who may call the provisioning endpoint, without what proves it.
 *
 * @param role what the caller may do
 * @param kind what proves who calls
 * @param name the token's name, or the certificate's subject as RFC 2253 writes it
 */
public record AccessEntry(ProvisioningRole role, Kind kind, String name) {
  /** What proves who calls. */
  public enum Kind {
    /** A bearer token. */
    TOKEN,
    /** A client certificate that an authority of the server's choice has issued. */
    CERTIFICATE
  }

  /**
   * Returns the caller as the store's audit trail names it.
   *
   * @return such as {@code token line-3} or {@code certificate CN=ops,O=Example}
   */
  public String actor() {
    return AccessLine.word(kind) + " " + name;
  }
}
