// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

/** What a source has for one device: its credential, or the reason why there is none. */
public sealed interface SourceEntry permits FoundCredential, NotTaken {
  /**
   * Returns where the source has it, which {@link CredentialSource#place} says in words.
   *
   * @return a number from 1
   */
  long number();
}
