// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.security.SecureRandom;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Generates credentials with strong keys, and with endpoints from a template. No two are alike.
 *
 * <p>A template with a counter needs a start: the first number, or the endpoints there are already.
 * A generator that counted from zero again after a restart would give the endpoints of devices in
 * the field to new ones.
 *
 * <p>Keys come from an approved generator, whose source is tested first; see {@link KeyRandom}. A
 * generator is thread-safe.
 */
public final class CredentialGenerator {
  private static final int DEFAULT_KEY_LENGTH = 16;

  private final SecureRandom random;
  private final EndpointTemplate template;
  private final int keyLength;

  CredentialGenerator(SecureRandom random, EndpointTemplate template, int keyLength) {
    this.random = random;
    this.template = template;
    this.keyLength = keyLength;
  }

  /**
   * Returns a generator of 16-byte keys whose endpoints do not count.
   *
   * @param endpointTemplate {@code urn:uuid:}
   * @return the generator
   * @throws IllegalArgumentException if the template is not valid, or has a counter, which needs a
   *     start: see {@link #counting} and {@link #continuing}
   */
  public static CredentialGenerator of(String endpointTemplate) {
    return builder().endpointTemplate(endpointTemplate).build();
  }

  /**
   * Returns a generator of 16-byte keys whose endpoints count from a number.
   *
   * @param endpointTemplate see {@link Builder#endpointTemplate(String)}
   * @param firstNumber the number in the first endpoint, not negative
   * @return the generator
   * @throws IllegalArgumentException if the template is not valid, or the number out of range
   */
  public static CredentialGenerator counting(String endpointTemplate, long firstNumber) {
    return builder().endpointTemplate(endpointTemplate).firstNumber(firstNumber).build();
  }

  /**
   * Returns a generator of 16-byte keys whose endpoints count on behind those there are already.
   *
   * @param endpointTemplate see {@link Builder#endpointTemplate(String)}
   * @param taken the endpoints not to be given again, such as a store's {@code takenEndpoints()};
   *     see {@link Builder#after}
   * @return the generator
   * @throws IllegalArgumentException if the template is not valid, or has no number left
   */
  public static CredentialGenerator continuing(String endpointTemplate, Stream<String> taken) {
    return builder().endpointTemplate(endpointTemplate).after(taken).build();
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
    String endpoint = nextEndpoint();
    return DeviceCredential.of(endpoint, nextKey());
  }

  /**
   * Returns a new endpoint, without a key.
   *
   * @return an endpoint that differs from all this generator returned before
   * @throws IllegalStateException if the template's counter has no number left
   */
  public String nextEndpoint() {
    return template.next(random);
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

  /** Builds a generator. */
  public static final class Builder {
    private String endpointTemplate = EndpointTemplate.UUID_PREFIX;
    private Long firstNumber; // null until it is set
    private Stream<String> taken; // null until it is set
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
     * Sets the number at which the template's counter starts. A template with a counter needs this
     * or {@link #after}; with both, the counter starts at the higher number. {@code urn:uuid:}
     * needs neither.
     *
     * @param number the first number, not negative
     * @return this builder
     */
    public Builder firstNumber(long number) {
      this.firstNumber = number;
      return this;
    }

    /**
     * Starts the template's counter behind the highest number in endpoints that it has made; at 0
     * if it has made none of them. Two programs that do this at the same time make the same
     * endpoints: add credentials to a store with {@code add}, which refuses the second.
     *
     * @param taken the endpoints not to be given again, in any order, those of other templates
     *     among them; read and closed by {@link #build}
     * @return this builder
     */
    public Builder after(Stream<String> taken) {
      this.taken = Objects.requireNonNull(taken, "taken");
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
     * @throws IllegalArgumentException if the template is not valid, a number is out of range, or a
     *     counter has no start
     * @throws RandomSourceException if the source of randomness failed its health tests
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
      return new CredentialGenerator(KeyRandom.newGenerator(), template(), keyLength);
    }

    private EndpointTemplate template() {
      try (Stream<String> endpoints = taken == null ? Stream.empty() : taken) {
        EndpointTemplate template = EndpointTemplate.parse(endpointTemplate);
        if (template.counts() && firstNumber == null && taken == null) {
          throw new IllegalArgumentException(
              "the endpoint template "
                  + template
                  + " counts and needs a start, as counting from 0 again would repeat endpoints of"
                  + " devices in the field; give the first number, or the endpoints that are"
                  + " taken");
        }
        if (firstNumber != null) {
          template.startAt(firstNumber);
        }
        template.startAfter(endpoints);
        return template;
      }
    }
  }
}
