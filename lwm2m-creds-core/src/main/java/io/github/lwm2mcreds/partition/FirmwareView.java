// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import java.util.Locale;
import java.util.Optional;
import javax.security.auth.Destroyable;

/**
 * Shows what dm-lwm2m firmware does with any 66 bytes in its credential partition, quirks included.
 *
 * <p>It follows the firmware's {@code lwm2m_credentials.c} and {@code lwm2m.c}. The firmware checks
 * only the last byte of each field. If that is not NUL, it uses its serial number as its endpoint,
 * or its built-in key, which everyone knows. It decodes a token leniently: any ASCII letter counts
 * as a digit. It does not start LwM2M unless the token decodes to exactly 16 bytes.
 */
public final class FirmwareView implements Destroyable {
  /** The firmware's default prefix of serial-number endpoints. */
  public static final String DEFAULT_PREFIX = "zmp";

  /** The source of the device's endpoint. */
  public enum EndpointSource {
    /** The partition. */
    PARTITION,
    /** The device's serial number, or its modem's IMEI. */
    SERIAL
  }

  /** The source of the device's pre-shared key. */
  public enum KeySource {
    /** The partition. */
    PARTITION,
    /** The firmware's built-in key, which everyone knows. */
    BUILT_IN,
    /** None: LwM2M does not start. */
    NONE
  }

  private static final int KEY_LENGTH = 16;

  private final byte[] endpoint;
  private final PreSharedKey psk;
  private final KeySource keySource;

  private FirmwareView(byte[] endpoint, PreSharedKey psk, KeySource keySource) {
    this.endpoint = endpoint;
    this.psk = psk;
    this.keySource = keySource;
  }

  /**
   * Returns what the firmware does with a partition.
   *
   * @param partition any 66 bytes; not kept
   * @return the view, which the caller should destroy after use
   * @throws IllegalArgumentException if there are not exactly 66 bytes
   */
  public static FirmwareView of(byte[] partition) {
    if (partition.length != CredentialPartition.SIZE) {
      throw new IllegalArgumentException(
          "the firmware reads "
              + CredentialPartition.SIZE
              + " bytes; there are "
              + partition.length);
    }
    byte[] endpoint = Field.ENDPOINT.isSet(partition) ? Field.ENDPOINT.cString(partition) : null;
    if (!Field.TOKEN.isSet(partition)) {
      return new FirmwareView(endpoint, KeyPolicy.builtInKey(), KeySource.BUILT_IN);
    }
    PreSharedKey psk =
        SecretBytes.useAndWipe(Field.TOKEN.cString(partition), FirmwareView::decodeToken);
    return new FirmwareView(endpoint, psk, psk == null ? KeySource.NONE : KeySource.PARTITION);
  }

  /** Returns null if it does not decode to a key. */
  private static PreSharedKey decodeToken(byte[] token) {
    return token.length / 2 == KEY_LENGTH // the firmware drops an odd character at the end
        ? SecretBytes.useAndWipe(
            new byte[KEY_LENGTH], key -> decode(token, key) ? PreSharedKey.copyOf(key) : null)
        : null;
  }

  private static boolean decode(byte[] token, byte[] key) {
    for (int i = 0; i < key.length; i++) {
      int high = digit(token[2 * i]);
      int low = digit(token[2 * i + 1]);
      if (high < 0 || low < 0) {
        return false;
      }
      key[i] = (byte) ((high << 4) + low);
    }
    return true;
  }

  /**
   * Reads a hex digit as the firmware does: any letter is one, {@code g} to {@code z} are 16 to 35.
   */
  private static int digit(byte c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
  }

  /**
   * Returns the source of the endpoint.
   *
   * @return the source
   */
  public EndpointSource endpointSource() {
    return endpoint == null ? EndpointSource.SERIAL : EndpointSource.PARTITION;
  }

  /**
   * Returns the endpoint's bytes in the partition, which are also the PSK identity.
   *
   * @return 0 to 32 bytes, not always ASCII; empty if the device uses its serial number
   */
  public Optional<byte[]> endpointBytes() {
    return Optional.ofNullable(endpoint).map(byte[]::clone);
  }

  /**
   * Returns the endpoint that the device registers with.
   *
   * @param serialName its serial-number endpoint, see {@link #serialEndpoint}
   * @return the endpoint in the partition as {@link PskIdentity#asString()} writes it, or the
   *     serial name if there is none
   */
  public String endpointName(String serialName) {
    if (endpoint == null) {
      return serialName;
    }
    return endpoint.length == 0 ? "" : PskIdentity.ofBytes(endpoint).asString();
  }

  /**
   * Returns the endpoint that the firmware makes of a serial number.
   *
   * @param prefix the prefix the firmware was built with, {@link #DEFAULT_PREFIX} by default
   * @param serialNumber the 32-bit serial number
   * @return {@code <prefix>:sn:<eight hex digits>}
   */
  public static String serialEndpoint(String prefix, int serialNumber) {
    return String.format(Locale.ROOT, "%s:sn:%08x", prefix, serialNumber);
  }

  /**
   * Returns the endpoint that the firmware makes of a modem's IMEI, on modem boards.
   *
   * @param prefix the prefix the firmware was built with, {@link #DEFAULT_PREFIX} by default
   * @param imei the IMEI's digits
   * @return {@code <prefix>:imei:<imei>}
   */
  public static String imeiEndpoint(String prefix, String imei) {
    return prefix + ":imei:" + imei;
  }

  /**
   * Returns the source of the pre-shared key.
   *
   * @return the source
   */
  public KeySource keySource() {
    return keySource;
  }

  /**
   * Returns the key that the device uses, not a copy.
   *
   * @return 16 bytes, owned by this view; empty if LwM2M does not start
   */
  public Optional<PreSharedKey> psk() {
    return Optional.ofNullable(psk);
  }

  /**
   * Returns whether LwM2M starts.
   *
   * @return false if the token does not decode to 16 bytes
   */
  public boolean starts() {
    return psk != null;
  }

  /** Destroys the key. */
  @Override
  public void destroy() {
    if (psk != null) {
      psk.destroy();
    }
  }

  @Override
  public boolean isDestroyed() {
    return psk == null || psk.isDestroyed();
  }

  @Override
  public String toString() {
    return "FirmwareView[endpointSource=" + endpointSource() + ", keySource=" + keySource + "]";
  }
}
