// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DeviceProfile;
import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.partition.PartitionFormatException.Reason;
import java.util.Optional;

/**
 * Encodes and decodes credential partitions: the 66 bytes that dm-lwm2m firmware reads at boot.
 *
 * <p>A partition is two NUL-padded C strings in fields of 33 bytes: the endpoint, 1 to 32 ASCII
 * characters, at offset 0, and the device token, the 16-byte pre-shared key as 32 hex digits, at
 * offset 33. The bytes are those that the firmware's own {@code gen_cred_partition.py} writes.
 * {@link FirmwareView} tells what a device does with bytes that are <em>not</em> well-formed, and
 * {@link io.github.lwm2mcreds.KeyPolicy} whether a key is good.
 */
public final class CredentialPartition {
  /** Bytes of a credential partition in flash: 66. */
  public static final int SIZE = 2 * Field.SIZE;

  private CredentialPartition() {}

  /**
   * Returns the partition of a credential.
   *
   * @param credential its endpoint has at most 32 characters, all ASCII, and is its PSK identity
   *     too; its key has 16 bytes
   * @return 66 bytes as they lie in flash, with the device token in clear, in lower case; the
   *     caller should wipe them after use
   * @throws InvalidCredentialException if a dm-lwm2m device cannot store the credential
   * @throws IllegalStateException if the credential was destroyed
   */
  public static byte[] encode(DeviceCredential credential) {
    DeviceProfile.DM_LWM2M.check(credential);
    byte[] endpoint = credential.endpoint().getBytes(US_ASCII);
    byte[] hex = SecretBytes.useAndWipe(credential.psk().exposeBytes(), HexDigits::encode);
    return SecretBytes.useAndWipe(hex, token -> encodeUnchecked(endpoint, token));
  }

  /**
   * Returns the credential in a partition, and refuses whatever is not exactly as a careful
   * generator writes it. Digits of either case are accepted in the token. Any bytes give a
   * credential or a {@link PartitionFormatException}, and nothing else.
   *
   * @param partition 66 bytes; not kept
   * @return a credential whose PSK identity is its endpoint; the caller should destroy it after use
   * @throws PartitionFormatException if the bytes are not well-formed; the endpoint is checked
   *     first
   */
  public static DeviceCredential decode(byte[] partition) throws PartitionFormatException {
    if (partition.length != SIZE) {
      throw wrongLength(partition.length);
    }
    for (Field field : Field.values()) {
      Optional<Problem> problem = field.problem(partition);
      if (problem.isPresent()) {
        throw new PartitionFormatException(problem.get());
      }
    }
    String endpoint = new String(Field.ENDPOINT.cString(partition), US_ASCII);
    byte[] token = Field.TOKEN.cString(partition);
    return DeviceCredential.of(endpoint, SecretBytes.useAndWipe(token, PreSharedKey::ofHex));
  }

  private static PartitionFormatException wrongLength(int length) {
    return new PartitionFormatException(
        new Problem(
            length < SIZE ? Reason.TOO_SHORT : Reason.TOO_LONG,
            Math.min(length, SIZE),
            "a credential partition has " + SIZE + " bytes; there are " + length));
  }

  /**
   * Lays out the two fields as the original generator does, which checks their lengths and nothing
   * else. The result may keep a device from starting, or make it use a key that everyone knows: see
   * {@link #decode}.
   *
   * @param endpoint at most 32 bytes; not kept
   * @param token at most 32 bytes; not kept
   * @return 66 bytes, with the device token in clear
   * @throws IllegalArgumentException if one of the two is longer
   */
  public static byte[] encodeUnchecked(byte[] endpoint, byte[] token) {
    checkLength("endpoint", endpoint);
    checkLength("device token", token);
    byte[] partition = new byte[SIZE];
    Field.ENDPOINT.write(endpoint, partition);
    Field.TOKEN.write(token, partition);
    return partition;
  }

  private static void checkLength(String what, byte[] content) {
    if (content.length > Field.MAX_LENGTH) {
      throw new IllegalArgumentException(
          "the "
              + what
              + " has "
              + content.length
              + " bytes; its field holds at most "
              + Field.MAX_LENGTH);
    }
  }
}
