// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import io.github.lwm2mcreds.DeviceProfile;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.util.List;

/**
 * The formats that there are, each with what it needs to know beside the credential.
 *
 * <p>{@code partition}, {@code uf2}, {@code zephyr-shell} and {@code esp-nvs} refuse what their
 * devices do not take. The devices of {@code anjay}, {@code c-header} and {@code nrf91} may have
 * any DTLS stack, or one whose limits are not published: see {@link DeviceFormat#forDevice}.
 */
public final class DeviceFormats {
  /** The UF2 family of the nRF52840. */
  public static final int UF2_NRF52840 = 0xada52840;

  /** The UF2 family of the nRF52832 with 512 KiB of flash. */
  public static final int UF2_NRF52832 = 0x72721d4e;

  private static final List<DeviceFormat> DEFAULTS =
      List.of(
          partition(),
          nrfModem(1),
          zephyrShell(1),
          espNvs("lwm2m", EspNvsFormat.MIN_SIZE),
          anjay("coaps://localhost:5684"),
          cHeader());

  private DeviceFormats() {}

  /**
   * Returns the names of the formats that {@link #named} finds.
   *
   * @return the names
   */
  public static List<String> names() {
    return DEFAULTS.stream().map(DeviceFormat::name).toList();
  }

  /**
   * Returns a format with its defaults, which is all that reading needs: the security tag 1, the
   * NVS namespace {@code lwm2m}, the server {@code coaps://localhost:5684}. Only {@link #uf2} is
   * not among them, as it has to know an address.
   *
   * @param name one of {@link #names}
   * @return the format
   * @throws IllegalArgumentException if no format has the name; the message lists all names
   */
  public static DeviceFormat named(String name) {
    return DEFAULTS.stream()
        .filter(format -> format.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + Printable.escape(name)
                        + "' is not a format; the formats are "
                        + String.join(", ", names())));
  }

  /**
   * Returns the 66 bytes that dm-lwm2m firmware reads.
   *
   * @return the format {@code partition}
   */
  public static DeviceFormat partition() {
    return new PartitionFormat();
  }

  /**
   * Returns {@code AT%CMNG} lines for the modem of Nordic's nRF91. The identity is printable ASCII
   * without the double quote; there is no endpoint.
   *
   * @param securityTag 0 to 2147483647; a reader takes any tag
   * @return the format {@code nrf91}
   * @throws IllegalArgumentException if the tag is negative
   */
  public static DeviceFormat nrfModem(int securityTag) {
    return new NrfModemFormat(Limits.securityTag(securityTag));
  }

  /**
   * Returns {@code cred add} lines for Zephyr's TLS credentials shell. There is no endpoint, and
   * the key has at most 32 bytes, as {@link DeviceProfile#ZEPHYR_TLS} says.
   *
   * @param securityTag 0 to 2147483647; a reader takes any tag
   * @return the format {@code zephyr-shell}
   * @throws IllegalArgumentException if the tag is negative
   */
  public static DeviceFormat zephyrShell(int securityTag) {
    return zephyrShell(securityTag, DeviceProfile.ZEPHYR_TLS);
  }

  /**
   * Returns {@code cred add} lines for the shell of a Zephyr that takes other keys than by default.
   * There is no endpoint.
   *
   * @param securityTag 0 to 2147483647; a reader takes any tag
   * @param profile what its DTLS stack takes, such as {@link DeviceProfile#MBEDTLS_3_TLS13}
   * @return the format {@code zephyr-shell}
   * @throws IllegalArgumentException if the tag is negative
   */
  public static DeviceFormat zephyrShell(int securityTag, DeviceProfile profile) {
    return new ZephyrShellFormat(Limits.securityTag(securityTag)).forDevice(profile);
  }

  /**
   * Returns the image of an ESP-IDF NVS partition, not encrypted, with the strings {@code endpoint}
   * and {@code psk_identity} and the blob {@code psk}. The identity has no NUL, and the key has at
   * most 32 bytes: ESP-IDF's DTLS is Mbed TLS, see {@link DeviceProfile#MBEDTLS_3}.
   *
   * @param namespace 1 to 15 printable ASCII characters
   * @param size of the image to write, in bytes: at least 0x3000, a multiple of 0x1000
   * @return the format {@code esp-nvs}
   * @throws IllegalArgumentException if the namespace or the size is not as above
   */
  public static DeviceFormat espNvs(String namespace, int size) {
    return espNvs(namespace, size, DeviceProfile.MBEDTLS_3);
  }

  /**
   * Returns the image of an ESP-IDF NVS partition, as {@link #espNvs(String, int)}, for an
   * application with another DTLS stack or configuration.
   *
   * @param namespace 1 to 15 printable ASCII characters
   * @param size of the image to write, in bytes: at least 0x3000, a multiple of 0x1000
   * @param profile what the application's DTLS stack takes
   * @return the format {@code esp-nvs}
   * @throws IllegalArgumentException if the namespace or the size is not as above
   */
  public static DeviceFormat espNvs(String namespace, int size, DeviceProfile profile) {
    return new EspNvsFormat(namespace, size).forDevice(profile);
  }

  /**
   * Returns factory provisioning data for Anjay, in SenML CBOR. There is no endpoint.
   *
   * @param serverUri the LwM2M server, such as {@code coaps://server.example:5684}
   * @return the format {@code anjay}
   * @throws IllegalArgumentException if the URI does not begin with {@code coaps}
   */
  public static DeviceFormat anjay(String serverUri) {
    return new AnjayFormat(serverUri);
  }

  /**
   * Returns a C header that defines {@code LWM2M_ENDPOINT}, {@code LWM2M_PSK_IDENTITY} and {@code
   * LWM2M_PSK}. The identity has no NUL. The reader takes what the writer writes, not any C.
   *
   * @return the format {@code c-header}
   */
  public static DeviceFormat cHeader() {
    return new CHeaderFormat();
  }

  /**
   * Returns the credential partition of dm-lwm2m firmware in a UF2 file. A reader passes over
   * blocks of other addresses and families.
   *
   * @param location where the partition is in flash
   * @param family the UF2 family of the board's processor, such as {@link #UF2_NRF52840}
   * @return the format {@code uf2}
   */
  public static DeviceFormat uf2(PartitionLocation location, int family) {
    return new Uf2Format(location, family);
  }
}
