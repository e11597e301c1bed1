package io.github.lwm2mcreds;

import java.security.DrbgParameters;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * Generates credentials with strong keys, and with endpoints from a template. No two are alike.
 *
 * <p>Keys come from the Java runtime's DRBG (NIST SP 800-90A, security strength 256), seeded by the
 * operating system. A generator is thread-safe.
 */
public final class CredentialGenerator {
  private static final int DEFAULT_KEY_LENGTH = 16;
  private static final int SECURITY_STRENGTH = 256;

  private final SecureRandom random;
  private final EndpointTemplate template;
  private final int keyLength;

  CredentialGenerator(SecureRandom random, EndpointTemplate template, int keyLength) {
    this.random = random;
    this.template = template;
    this.keyLength = keyLength;
  }

  /**
   * Returns a generator of 16-byte keys whose endpoints count from zero.
   *
   * @param endpointTemplate see {@link Builder#endpointTemplate(String)}
   * @return the generator
   * @throws IllegalArgumentException if the template is not valid
   */
  public static CredentialGenerator of(String endpointTemplate) {
    return builder().endpointTemplate(endpointTemplate).build();
  }

  /**
   * Returns a builder of generators.
   *
   * @return a builder whose defaults are 16-byte keys and endpoints {@code urn:uuid:…}
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns a new credential whose PSK identity is its endpoint.
   *
   * @return a credential that differs from all this generator returned before
   * @throws IllegalStateException if the template's counter has no number left
   */
  public DeviceCredential next() {
    String endpoint = template.next(random);
    return DeviceCredential.of(endpoint, nextKey());
  }

  /**
   * Returns a new key, without a credential.
   *
   * @return a random key that {@link KeyPolicy#strict()} accepts
   */
  public PreSharedKey nextKey() {
    return SecretBytes.useAndWipe(
        new byte[keyLength],
        bytes -> {
          do {
            random.nextBytes(bytes);
          } while (!KeyPolicy.weaknessesOf(bytes).isEmpty());
          return PreSharedKey.copyOf(bytes);
        });
  }

  /**
   * Describes the generator without its state.
   *
   * @return the length of its keys in bytes
   */
  @Override
  public String toString() {
    return "CredentialGenerator[keyLength=" + keyLength + "]";
  }

  private static SecureRandom drbg() {
    try {
      return SecureRandom.getInstance(
          "DRBG",
          DrbgParameters.instantiation(
              SECURITY_STRENGTH, DrbgParameters.Capability.RESEED_ONLY, null));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "this Java runtime has no DRBG of security strength "
              + SECURITY_STRENGTH
              + "; use one with the SUN provider",
          e);
    }
  }

  /** Builds a generator. */
  public static final class Builder {
    private String endpointTemplate = EndpointTemplate.UUID_PREFIX;
    private long firstNumber;
    private int keyLength = DEFAULT_KEY_LENGTH;

    private Builder() {}

    /**
     * Sets what the endpoints look like.
     *
     * @param template either {@code urn:uuid:}, for a random UUID (RFC 9562 version 4) each; or
     *     text with one counter of {@code %d}, {@code %x}, {@code %X}, {@code %08x} and the like,
     *     as in {@code sensor-%08x}. With {@code urn:dev:mac:} (RFC 9039) the result must be an
     *     EUI-64, 16 lower-case hex digits: {@code urn:dev:mac:0024befffe%06x}
     * @return this builder
     */
    public Builder endpointTemplate(String template) {
      this.endpointTemplate = template;
      return this;
    }

    /**
     * Sets the number at which the template's counter starts.
     *
     * @param number the first number, not negative; 0 by default
     * @return this builder
     */
    public Builder firstNumber(long number) {
      this.firstNumber = number;
      return this;
    }

    /**
     * Sets the length of keys.
     *
     * @param bytes 16 to 64; 16 by default, the length of dm-lwm2m devices' keys
     * @return this builder
     */
    public Builder keyLength(int bytes) {
      this.keyLength = bytes;
      return this;
    }

    /**
     * Returns the generator.
     *
     * @return the generator
     * @throws IllegalArgumentException if the template is not valid, or a number is out of range
     */
    public CredentialGenerator build() {
      if (keyLength < KeyPolicy.MIN_STRONG_LENGTH || keyLength > PreSharedKey.MAX_LENGTH) {
        throw new IllegalArgumentException(
            "generated keys must have "
                + KeyPolicy.MIN_STRONG_LENGTH
                + " to "
                + PreSharedKey.MAX_LENGTH
                + " bytes, not "
                + keyLength);
      }
      return new CredentialGenerator(
          drbg(), EndpointTemplate.parse(endpointTemplate, firstNumber), keyLength);
    }
  }
}
