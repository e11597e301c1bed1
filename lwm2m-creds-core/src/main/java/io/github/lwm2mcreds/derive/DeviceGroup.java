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
 * Devices whose keys are derived: which endpoints they have, how, and from which versions of the
 * group key. The factory and every server describe the group alike.
 *
 * <p>DTLS knows one key for an identity, so a device says by its identity which version it has:
 *
 * <ul>
 *   <li>the endpoint alone is the identity for the {@linkplain #withPlainVersion plain version}, 1
 *       unless said otherwise;
 *   <li>{@code endpoint~N} is the identity for any other version N, in decimal without leading
 *       zeros. No endpoint of a group has a {@code ~}.
 * </ul>
 *
 * <p>A group does not change: adding or ending a version makes another group, which is given to the
 * servers. Group keys are kept, not copied, and are the caller's to destroy: nothing is found by a
 * version whose key was destroyed.
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
   * Describes a group.
   *
   * @param pattern printable ASCII with one wildcard: a counter as {@code CredentialGenerator}'s
   *     template has it, so that {@code sensor-%08x} stands for exactly eight lower-case hex digits
   *     and {@code sensor-%d} for a number without leading zeros; or {@code urn:uuid:} for a UUID
   *     in lower case; or {@code *} for one or more characters. Endpoints have at most 123
   *     characters
   * @param derivation how keys are derived
   * @param keys the group key's versions; may be none yet
   * @return the group
   * @throws IllegalArgumentException if the pattern is not one, or two keys have the same version
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
   * Describes the same group with one more version of its key.
   *
   * @param key of a version that the group does not have
   * @return another group
   * @throws IllegalArgumentException if the group has the version, or a version of the same bytes
   */
  public DeviceGroup withKey(GroupKey key) {
    if (keys.containsKey(key.version())) {
      throw new IllegalArgumentException(
          "the group " + patternText + " has a key of version " + key.version() + " already");
    }
    for (GroupKey other : keys.values()) {
      if (key.hasSecretOf(other)) {
        throw new IllegalArgumentException(
            "versions "
                + other.version()
                + " and "
                + key.version()
                + " of the group key have the same bytes; a new version needs new ones");
      }
    }
    NavigableMap<Integer, GroupKey> more = new TreeMap<>(keys);
    more.put(key.version(), key);
    return new DeviceGroup(patternText, derivation, more, plainVersion);
  }

  /**
   * Describes the same group without a version of its key.
   *
   * @param version which ends; the group need not have it
   * @return another group
   */
  public DeviceGroup withoutVersion(int version) {
    NavigableMap<Integer, GroupKey> fewer = new TreeMap<>(keys);
    fewer.remove(version);
    return new DeviceGroup(patternText, derivation, fewer, plainVersion);
  }

  /**
   * Describes the same group with another version for the devices whose identity is their endpoint.
   *
   * <p>dm-lwm2m firmware has no other identity, so this is how the group key of such devices is
   * rotated: those that have their new key first are put into the store until all have it.
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
   * Tells whether a device belongs to the group.
   *
   * @param endpoint any text
   * @return whether the pattern matches, and the derivation takes such endpoints
   */
  public boolean contains(String endpoint) {
    return pattern.matches(endpoint) && derivation.accepts(endpoint);
  }

  /**
   * Tells whether an endpoint might belong to another group, too, as far as patterns show.
   *
   * @param other another group
   * @return false only if none does
   */
  public boolean mayOverlap(DeviceGroup other) {
    return pattern.mayOverlap(other.pattern);
  }

  /**
   * Gives the versions of the group key.
   *
   * @return the newest last; not modifiable
   */
  public SortedSet<Integer> versions() {
    return Collections.unmodifiableSortedSet(keys.navigableKeySet());
  }

  /**
   * Derives the credential that a device gets in the factory: that of the newest version.
   *
   * @param endpoint of the group
   * @return the credential, the caller's to destroy
   * @throws IllegalArgumentException if the endpoint is not of the group, or the group has no key
   * @throws IllegalStateException if the group key was destroyed
   */
  public DeviceCredential credential(String endpoint) {
    return credential(endpoint, keys.isEmpty() ? plainVersion : keys.lastKey());
  }

  /**
   * Derives a device's credential of one version.
   *
   * @param endpoint of the group
   * @param version that the group has
   * @return the credential, the caller's to destroy
   * @throws IllegalArgumentException if the endpoint is not of the group, or the group has no such
   *     version
   * @throws IllegalStateException if the group key was destroyed
   */
  public DeviceCredential credential(String endpoint, int version) {
    if (!contains(endpoint)) {
      throw new IllegalArgumentException(
          "the endpoint '" + Printable.escape(endpoint) + "' is not of the group " + patternText);
    }
    GroupKey key = keys.get(version);
    if (key == null) {
      throw new IllegalArgumentException(
          "the group " + patternText + " has no key of version " + version);
    }
    return DeviceCredential.of(
        endpoint, identity(endpoint, version), derivation.derive(key, endpoint));
  }

  /**
   * Gives the identities that a device may use, one a version.
   *
   * @param endpoint any text
   * @return that of the newest version last; none if the endpoint is not of the group
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
   * Finds out whose an identity is, without deriving a key.
   *
   * @param pskIdentity any identity
   * @return the endpoint; empty if it is not of the group, or not of a version that the group has
   */
  public Optional<String> endpointOf(PskIdentity pskIdentity) {
    return find(pskIdentity, (endpoint, key) -> endpoint);
  }

  /**
   * Derives the credential that an identity stands for.
   *
   * @param pskIdentity any identity
   * @return the credential, the caller's to destroy; empty if it is not of the group, or not of a
   *     version that the group has
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

  /** Null if another thread destroyed the key meanwhile. */
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
