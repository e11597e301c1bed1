// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

/** What became of a credential that was put into a store. */
public enum PutOutcome {
  /** The endpoint had no credential. */
  ADDED,
  /** The endpoint had another credential, which is no longer good. */
  REPLACED,
  /** The endpoint had the same credential already. */
  UNCHANGED
}
