// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.fleet;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.derive.DeviceGroup;
import io.github.lwm2mcreds.derive.GroupKey;
import io.github.lwm2mcreds.derive.KeyDerivation;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.eclipse.leshan.servers.security.SecurityInfo;

/**
 * Devices 0 to n - 1: endpoints of eight characters, which are the identities too, and keys of 16
 * bytes.
 */
public final class Fleet {
  private static final int BATCH = 1000;
  private static final int ORDER_LENGTH = 1 << 20;

  private static final GroupKey GROUP_KEY = GroupKey.copyOf(1, key(0));
  private static final KeyDerivation DERIVATION = KeyDerivation.hkdfSha256("benchmark");

  private final int size;
  private final boolean derived;
  private final int[] order;
  private int position;

  /** Makes a whole fleet whose keys are stored. */
  public Fleet(int size) {
    this(size, false, 0, 1);
  }

  /**
   * Makes one of several shares of a fleet, so that no device is in two places at a time.
   *
   * @param size how many devices all shares have
   * @param derived whether keys are derived
   * @param share the number of this one, from 0
   * @param shares how many there are
   */
  public Fleet(int size, boolean derived, int share, int shares) {
    this.size = size;
    this.derived = derived;
    this.order =
        new Random(share)
            .ints(size == 0 ? 0 : ORDER_LENGTH, 0, Math.max(1, size))
            .map(device -> device - device % shares + share)
            .map(device -> device < size ? device : share % size)
            .toArray();
  }

  /** Returns the group of a derived fleet. */
  static DeviceGroup group() {
    return DeviceGroup.of("%08x", DERIVATION, GROUP_KEY).withPlainVersion(1);
  }

  /** Returns the key of a device, whether it is stored or derived. */
  public byte[] keyOf(int device) {
    return derived ? DERIVATION.derive(GROUP_KEY, endpoint(device)).exposeBytes() : key(device);
  }

  /** Returns the next device of a random order. */
  public int next() {
    return order[position++ & ORDER_LENGTH - 1];
  }

  public static String endpoint(int device) {
    return String.format("%08x", device);
  }

  /** Returns the identity as it comes from the wire. */
  public static byte[] identity(int device) {
    byte[] identity = new byte[8];
    for (int i = 0; i < identity.length; i++) {
      identity[i] = (byte) Character.forDigit(device >>> 28 - 4 * i & 0xf, 16);
    }
    return identity;
  }

  /** Returns the device that an identity belongs to. */
  public static int device(byte[] identity) {
    return Integer.parseUnsignedInt(new String(identity, US_ASCII), 16);
  }

  public static byte[] key(int device) {
    byte[] key = new byte[16];
    new Random(device).nextBytes(key);
    return key;
  }

  static DeviceCredential credential(int device) {
    return DeviceCredential.of(endpoint(device), PreSharedKey.copyOf(key(device)));
  }

  static SecurityInfo securityInfo(int device) {
    String endpoint = endpoint(device);
    return SecurityInfo.newPreSharedKeyInfo(
        endpoint, new String(endpoint.getBytes(UTF_8), UTF_8), key(device));
  }

  void putInto(CredentialStore store) {
    for (int device = 0; device < size; device++) {
      store.put(credential(device));
    }
  }

  void importInto(ManagedCredentialStore store) {
    for (int first = 0; first < size; first += BATCH) {
      store.putAll(batch(first, Math.min(BATCH, size - first)));
    }
  }

  static List<DeviceCredential> batch(int first, int length) {
    List<DeviceCredential> batch = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      batch.add(credential(first + i));
    }
    return batch;
  }
}
