package io.github.lwm2mcreds.partition;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DeviceProfile;
import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.partition.PartitionFormatException.Reason;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.security.auth.Destroyable;

/**
 * A well-formed credential partition: the 66 bytes that dm-lwm2m firmware reads at boot.
 *
 * <p>Two NUL-padded C strings in fixed fields of 33 bytes: the endpoint, 1 to 32 ASCII characters,
 * at offset 0, and the device token, the 16-byte pre-shared key as 32 hex digits, at offset 33. The
 * bytes are those that the firmware's own {@code gen_cred_partition.py} writes. What a device does
 * with bytes that are <em>not</em> well-formed is told by {@link FirmwareView}; whether a key is
 * good, by {@link io.github.lwm2mcreds.KeyPolicy}.
 */
public final class CredentialPartition implements Destroyable {
  /** Bytes of a credential partition in flash: 66. */
  public static final int SIZE = 2 * Field.SIZE;

  private final byte[] bytes;
  private volatile boolean destroyed;

  private CredentialPartition(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Makes the partition of a credential.
   *
   * @param credential an ASCII endpoint of at most 32 characters that is its PSK identity too, and
   *     a 16-byte key
   * @return the partition, its token in lower-case hex
   * @throws InvalidCredentialException if a dm-lwm2m device cannot store the credential
   */
  public static CredentialPartition of(DeviceCredential credential) {
    DeviceProfile.DM_LWM2M.check(credential);
    byte[] key = credential.psk().exposeBytes();
    byte[] token = HexDigits.encode(key);
    try {
      return new CredentialPartition(
          encodeUnchecked(credential.endpoint().getBytes(US_ASCII), token));
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(token, (byte) 0);
    }
  }

  /**
   * Reads a partition strictly: what is not exactly as a careful generator writes it is refused.
   * Any bytes give a partition or the one exception.
   *
   * @param bytes 66 bytes; copied
   * @return the partition
   * @throws PartitionFormatException if they are not well-formed; the endpoint is looked at first
   */
  public static CredentialPartition decode(byte[] bytes) throws PartitionFormatException {
    if (bytes.length < SIZE) {
      throw new PartitionFormatException(
          Reason.TOO_SHORT,
          bytes.length,
          "a credential partition has " + SIZE + " bytes; there are " + bytes.length);
    }
    if (bytes.length > SIZE) {
      throw new PartitionFormatException(
          Reason.TOO_LONG,
          SIZE,
          "a credential partition has " + SIZE + " bytes; there are " + bytes.length);
    }
    byte[] copy = bytes.clone();
    for (Field field : Field.values()) {
      Optional<PartitionFormatException> problem = field.problem(copy);
      if (problem.isPresent()) {
        Arrays.fill(copy, (byte) 0);
        throw problem.get();
      }
    }
    return new CredentialPartition(copy);
  }

  /**
   * Lays out the two fields as the original generator does, checking their lengths and nothing
   * else. It is unsafe: the result may keep a device from starting, or have it use a key everyone
   * knows. {@link #decode} tells.
   *
   * @param endpoint at most 32 bytes; not kept
   * @param token at most 32 bytes; not kept
   * @return 66 bytes
   * @throws IllegalArgumentException if one of the two is longer
   */
  public static byte[] encodeUnchecked(byte[] endpoint, byte[] token) {
    checkLength("endpoint", endpoint);
    checkLength("device token", token);
    byte[] bytes = new byte[SIZE];
    Field.ENDPOINT.write(endpoint, bytes);
    Field.TOKEN.write(token, bytes);
    return bytes;
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

  /**
   * Gives the bytes as they lie in flash, the device token among them in clear.
   *
   * @return a copy, 66 bytes, which the caller should wipe after use
   * @throws IllegalStateException if the partition was destroyed
   */
  public byte[] encode() {
    synchronized (bytes) {
      if (destroyed) {
        throw new IllegalStateException("this credential partition was destroyed");
      }
      return bytes.clone();
    }
  }

  /**
   * Gives the endpoint.
   *
   * @return 1 to 32 printable ASCII characters
   */
  public String endpoint() {
    return new String(Field.ENDPOINT.cString(bytes), US_ASCII);
  }

  /**
   * Gives the credential, whose PSK identity is the endpoint.
   *
   * @return a new credential with a key of its own, which the caller should destroy after use
   * @throws IllegalStateException if the partition was destroyed
   */
  public DeviceCredential credential() {
    byte[] image = encode();
    byte[] token = Field.TOKEN.cString(image);
    try {
      return DeviceCredential.of(endpoint(), PreSharedKey.ofHex(token));
    } finally {
      Arrays.fill(image, (byte) 0);
      Arrays.fill(token, (byte) 0);
    }
  }

  /** Overwrites the device token; the endpoint stays readable. */
  @Override
  public void destroy() {
    synchronized (bytes) {
      destroyed = true;
      Arrays.fill(bytes, Field.SIZE, SIZE, (byte) 0);
    }
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof CredentialPartition that
            && MessageDigest.isEqual(bytes, that.bytes)
            && !destroyed
            && !that.destroyed;
  }

  @Override
  public int hashCode() {
    return endpoint().hashCode();
  }

  @Override
  public String toString() {
    return "CredentialPartition[endpoint=" + endpoint() + ", token=<redacted>]";
  }
}
