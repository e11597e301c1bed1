// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import java.util.List;

/**
 * Something about the keys of a fleet that {@link FleetKeys} found.
 *
 * @param code what it is, for programs; such as {@code SHARED_KEY}
 * @param severity how bad it is
 * @param problem what is wrong, in plain words
 * @param advice what to do
 * @param endpoints whose keys it is about, in order; empty if it is about the fleet as a whole
 */
public record FleetFinding(
    String code, Severity severity, String problem, String advice, List<String> endpoints) {
  /** How bad a finding is. */
  public enum Severity {
    /** Somebody who should not can impersonate a device, or read or replace keys. */
    SERIOUS,
    /** It should be looked into. */
    WARNING,
    /** Good to know. */
    NOTICE
  }

  /**
   * Makes a finding, with a copy of the list.
   *
   * @param code what it is, for programs; such as {@code SHARED_KEY}
   * @param severity how bad it is
   * @param problem what is wrong, in plain words
   * @param advice what to do
   * @param endpoints whose keys it is about, in order; empty if it is about the fleet as a whole
   */
  public FleetFinding {
    endpoints = List.copyOf(endpoints);
  }
}
