package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import java.util.Locale;
import java.util.Optional;
import javax.security.auth.Destroyable;

/**
 * What dm-lwm2m firmware makes of any 66 bytes it finds in its credential partition, quirks
 * included.
 *
 * <p>Modelled on the firmware's {@code lwm2m_credentials.c} and {@code lwm2m.c}: it looks at each
 * field's last byte only; where that is not NUL it calls itself by its serial number, or uses a key
 * that is built in and known to everyone. It decodes a token leniently, any ASCII letter counting
 * as a digit, and does not start LwM2M at all unless that gives exactly 16 bytes.
 */
public final class FirmwareView implements Destroyable {
  /** The prefix of serial-number endpoints that the firmware is built with by default. */
  public static final String DEFAULT_PREFIX = "zmp";

  /** Where the device's endpoint comes from. */
  public enum EndpointSource {
    /** From the partition. */
    PARTITION,
    /** From the device's serial number, or its modem's IMEI. */
    SERIAL
  }

  /** Where the device's pre-shared key comes from. */
  public enum KeySource {
    /** From the partition. */
    PARTITION,
    /** Built into the firmware, and known to everyone. */
    BUILT_IN,
    /** There is none: LwM2M does not start. */
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
   * Looks at a partition as the firmware does.
   *
   * @param partition any 66 bytes; not kept
   * @return what the device will do
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
   * The firmware's idea of a hex digit: any letter is one, {@code g} to {@code z} being 16 to 35.
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
   * Tells where the endpoint comes from.
   *
   * @return the source
   */
  public EndpointSource endpointSource() {
    return endpoint == null ? EndpointSource.SERIAL : EndpointSource.PARTITION;
  }

  /**
   * Gives the endpoint bytes from the partition; the PSK identity is the same.
   *
   * @return up to 32 bytes, possibly none and not always ASCII; empty if the device names itself by
   *     its serial number
   */
  public Optional<byte[]> endpointBytes() {
    return Optional.ofNullable(endpoint).map(byte[]::clone);
  }

  /**
   * Gives the name that the device registers with.
   *
   * @param serialName what it would call itself by its serial number, see {@link #serialEndpoint}
   * @return the endpoint from the partition as {@link PskIdentity#asString()} writes it, or else
   *     the serial name
   */
  public String endpointName(String serialName) {
    if (endpoint == null) {
      return serialName;
    }
    return endpoint.length == 0 ? "" : PskIdentity.ofBytes(endpoint).asString();
  }

  /**
   * Names a device by its serial number, as the firmware does.
   *
   * @param prefix the prefix it was built with, {@link #DEFAULT_PREFIX} by default
   * @param serialNumber the 32-bit serial number
   * @return {@code <prefix>:sn:<eight hex digits>}
   */
  public static String serialEndpoint(String prefix, int serialNumber) {
    return String.format(Locale.ROOT, "%s:sn:%08x", prefix, serialNumber);
  }

  /**
   * Names a device by its modem's IMEI, as the firmware does on modem boards.
   *
   * @param prefix the prefix it was built with, {@link #DEFAULT_PREFIX} by default
   * @param imei the IMEI's digits
   * @return {@code <prefix>:imei:<imei>}
   */
  public static String imeiEndpoint(String prefix, String imei) {
    return prefix + ":imei:" + imei;
  }

  /**
   * Tells where the pre-shared key comes from.
   *
   * @return the source
   */
  public KeySource keySource() {
    return keySource;
  }

  /**
   * Gives the key that the device uses, itself and not a copy.
   *
   * @return 16 bytes, owned by this view; empty if LwM2M does not start
   */
  public Optional<PreSharedKey> psk() {
    return Optional.ofNullable(psk);
  }

  /**
   * Tells whether LwM2M starts at all.
   *
   * @return false where the token does not decode to 16 bytes
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
