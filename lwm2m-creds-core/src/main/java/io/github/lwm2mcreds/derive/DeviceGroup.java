// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * A group of devices whose keys are derived: its endpoints, the derivation, and the versions of its
 * group key. The factory and every server describe the group in the same way.
 *
 * <p>In DTLS an identity has one key, so a device's identity shows which version it uses:
 *
 * <ul>
 *   <li>The endpoint alone is the identity for the {@linkplain #withPlainVersion plain version},
 *       which is 1 by default.
 *   <li>{@code endpoint~N} is the identity for any other version N, in decimal without leading
 *       zeros. No endpoint of a group contains a {@code ~}.
 * </ul>
 *
 * <p>A group is immutable: adding or removing a version returns another group, to be given to the
 * servers. Group keys are not copied, and the caller destroys them. When a version's key is
 * destroyed, its devices are no longer found.
 */
public final class DeviceGroup {
  private final String patternText;
  private final EndpointPattern pattern;
  private final KeyDerivation derivation;
  private final NavigableMap<Integer, GroupKey> keys;
  private final int plainVersion;

  private DeviceGroup(
      String pattern,
      KeyDerivation derivation,
      NavigableMap<Integer, GroupKey> keys,
      int plainVersion) {
    this.patternText = pattern;
    this.pattern = EndpointPattern.parse(pattern);
    this.derivation = Objects.requireNonNull(derivation, "derivation");
    this.keys = keys;
    this.plainVersion = plainVersion;
  }

  /**
   * Returns a group.
   *
   * @param pattern printable ASCII with one wildcard: a counter as in {@code CredentialGenerator}'s
   *     template, so that {@code sensor-%08x} matches exactly eight lower-case hex digits and
   *     {@code sensor-%d} a number without leading zeros; or {@code *}, which matches one or more
   *     characters. {@code urn:uuid:} alone matches a UUID in lower case. Endpoints have at most
   *     123 characters
   * @param derivation how keys are derived
   * @param keys the versions of the group key; may be empty
   * @return the group
   * @throws IllegalArgumentException if the pattern is malformed, or two keys have the same version
   *     or the same bytes
   */
  public static DeviceGroup of(String pattern, KeyDerivation derivation, GroupKey... keys) {
    DeviceGroup group = new DeviceGroup(pattern, derivation, new TreeMap<>(), 1);
    for (GroupKey key : keys) {
      group = group.withKey(key);
    }
    return group;
  }

  /**
   * Returns the same group with one more version of its key.
   *
   * @param key a version that the group does not have
   * @return another group
   * @throws IllegalArgumentException if the group has this version, or a version with the same
   *     bytes
   */
  public DeviceGroup withKey(GroupKey key) {
    if (keys.containsKey(key.version())) {
      throw new IllegalArgumentException(
          "the group "
              + patternText
              + " already has a key of version "
              + key.version()
              + "; give the new key the next version");
    }
    for (GroupKey other : keys.values()) {
      if (key.hasSecretOf(other)) {
        throw new IllegalArgumentException(
            "versions "
                + other.version()
                + " and "
                + key.version()
                + " of the group key have the same bytes; a new version needs new bytes");
      }
    }
    NavigableMap<Integer, GroupKey> more = new TreeMap<>(keys);
    more.put(key.version(), key);
    return new DeviceGroup(patternText, derivation, more, plainVersion);
  }

  /**
   * Returns the same group without one version of its key.
   *
   * @param version the version to remove; the group need not have it
   * @return another group
   */
  public DeviceGroup withoutVersion(int version) {
    NavigableMap<Integer, GroupKey> fewer = new TreeMap<>(keys);
    fewer.remove(version);
    return new DeviceGroup(patternText, derivation, fewer, plainVersion);
  }

  /**
   * Returns the same group with another version for the devices whose identity is their endpoint.
   *
   * <p>dm-lwm2m firmware has no other identity, so the group key of such devices is rotated this
   * way: devices that get their new key early are put into the store until all devices have it.
   *
   * @param version 1 to 9999; the group need not have it yet
   * @return another group
   * @throws IllegalArgumentException if the version is out of range
   */
  public DeviceGroup withPlainVersion(int version) {
    GroupKey.checkVersion(version);
    return new DeviceGroup(patternText, derivation, keys, version);
  }

  /**
   * Returns whether a device belongs to the group.
   *
   * @param endpoint any text
   * @return true if the pattern matches and the derivation accepts the endpoint
   */
  public boolean contains(String endpoint) {
    return pattern.matches(endpoint) && derivation.accepts(endpoint);
  }

  /**
   * Returns whether an endpoint may belong to both groups, judged by their patterns.
   *
   * @param other another group
   * @return false only if no endpoint belongs to both
   */
  public boolean mayOverlap(DeviceGroup other) {
    return pattern.mayOverlap(other.pattern);
  }

  /**
   * Returns the versions of the group key.
   *
   * @return the versions in ascending order; not modifiable
   */
  public SortedSet<Integer> versions() {
    return Collections.unmodifiableSortedSet(keys.navigableKeySet());
  }

  /**
   * Derives the credential that a device gets in the factory, from the newest version.
   *
   * @param endpoint an endpoint of the group
   * @return the credential, which the caller destroys
   * @throws IllegalArgumentException if the endpoint does not belong to the group, or the group has
   *     no key
   * @throws IllegalStateException if the group key was destroyed
   */
  public DeviceCredential credential(String endpoint) {
    return credential(endpoint, keys.isEmpty() ? plainVersion : keys.lastKey());
  }

  /**
   * Derives a device's credential from one version.
   *
   * @param endpoint an endpoint of the group
   * @param version a version of the group key
   * @return the credential, which the caller destroys
   * @throws IllegalArgumentException if the endpoint does not belong to the group, or the group
   *     does not have the version
   * @throws IllegalStateException if the group key was destroyed
   */
  public DeviceCredential credential(String endpoint, int version) {
    if (!contains(endpoint)) {
      throw new IllegalArgumentException(
          "the endpoint '"
              + Printable.escape(endpoint)
              + "' does not belong to the group "
              + patternText
              + "; check the endpoint and the group's pattern");
    }
    GroupKey key = keys.get(version);
    if (key == null) {
      throw new IllegalArgumentException(
          "the group " + patternText + " has no key of version " + version + "; add one first");
    }
    return DeviceCredential.of(
        endpoint, identity(endpoint, version), derivation.derive(key, endpoint));
  }

  /**
   * Returns the identities that a device may use, one for each version.
   *
   * @param endpoint any text
   * @return the identities, the newest version's last; empty if the endpoint does not belong to the
   *     group
   */
  public List<PskIdentity> identities(String endpoint) {
    if (!contains(endpoint)) {
      return List.of();
    }
    return keys.values().stream()
        .filter(key -> !key.isDestroyed())
        .map(key -> identity(endpoint, key.version()))
        .toList();
  }

  private PskIdentity identity(String endpoint, int version) {
    return new VersionedIdentity(endpoint, version).format(plainVersion);
  }

  /**
   * Finds the endpoint that an identity belongs to, without deriving a key.
   *
   * @param pskIdentity any identity
   * @return the endpoint; empty if it does not belong to the group, or the group does not have the
   *     version
   */
  public Optional<String> endpointOf(PskIdentity pskIdentity) {
    return find(pskIdentity, (endpoint, key) -> endpoint);
  }

  /**
   * Derives the credential that an identity belongs to.
   *
   * @param pskIdentity any identity
   * @return the credential, which the caller destroys; empty if its endpoint does not belong to the
   *     group, or the group does not have the version
   */
  public Optional<DeviceCredential> find(PskIdentity pskIdentity) {
    return find(pskIdentity, (endpoint, key) -> derive(endpoint, pskIdentity, key));
  }

  private interface Finding<T> {
    T make(String endpoint, GroupKey key);
  }

  private <T> Optional<T> find(PskIdentity pskIdentity, Finding<T> finding) {
    VersionedIdentity named = VersionedIdentity.parse(pskIdentity, plainVersion);
    GroupKey key = keys.get(named.version());
    return key == null || key.isDestroyed() || !contains(named.endpoint())
        ? Optional.empty()
        : Optional.ofNullable(finding.make(named.endpoint(), key));
  }

  /** Returns null if another thread has destroyed the key in the meantime. */
  private DeviceCredential derive(String endpoint, PskIdentity identity, GroupKey key) {
    try {
      return DeviceCredential.of(endpoint, identity, derivation.derive(key, endpoint));
    } catch (IllegalStateException e) {
      if (key.isDestroyed()) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public String toString() {
    return "DeviceGroup[" + patternText + ", " + derivation + ", versions=" + versions() + "]";
  }
}
