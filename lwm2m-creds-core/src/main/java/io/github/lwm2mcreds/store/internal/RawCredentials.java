// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

/**
 * Takes credentials as the bytes that they are in a store: whoever loads a million spares as many
 * objects of each kind. A store looks whether those it loads for can do this.
 */
public interface RawCredentials {
  /**
   * Takes a credential.
   *
   * @param isNext whether it is an endpoint's next one
   * @param endpoint ASCII; the caller changes the arrays later
   * @param sealed the sealed key
   */
  void accept(boolean isNext, byte[] endpoint, byte[] identity, byte[] sealed);
}
