// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.leshan.migration.NotTaken.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The file of Scandium's {@code MultiPskFileStore}, plain or encrypted. It has identities and keys,
 * and no endpoints: a device's endpoint is its identity, unless the builder is told otherwise.
 *
 * <p>A line is {@code identity=key} with the key in base64, or in hex behind {@code :0x}; empty
 * lines and those that begin with {@code #} are left out, as Scandium does.
 */
public final class ScandiumPskFile implements CredentialSource {
  private static final byte[] HEX = {':', '0', 'x'};

  private final PskFileLines lines;
  private final EntryMaker maker;
  private final Function<PskIdentity, Optional<String>> endpoints;
  private final boolean isEncrypted;
  private boolean isReadable;

  private ScandiumPskFile(Builder builder, InputStream in) {
    this.lines = new PskFileLines(in);
    this.maker = new EntryMaker(builder.policy);
    this.endpoints = builder.endpoints;
    this.isEncrypted = builder.password != null;
  }

  /**
   * Returns a builder.
   *
   * @return a builder, for a plain file, the strict key policy, and endpoints that are the
   *     identities
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Settings of the reading. */
  public static final class Builder {
    private KeyPolicy policy = KeyPolicy.strict();
    private Function<PskIdentity, Optional<String>> endpoints =
        identity -> Optional.of(identity.asString());
    private char[] password; // null for a plain file

    private Builder() {}

    /**
     * Sets the keys that are taken.
     *
     * @param newPolicy the policy
     * @return this
     */
    public Builder keyPolicy(KeyPolicy newPolicy) {
      policy = Objects.requireNonNull(newPolicy, "newPolicy");
      return this;
    }

    /**
     * Sets whose identity is whose.
     *
     * @param newEndpoints returns the endpoint of an identity; a device without one is not taken
     * @return this
     */
    public Builder endpoints(Function<PskIdentity, Optional<String>> newEndpoints) {
      endpoints = Objects.requireNonNull(newEndpoints, "newEndpoints");
      return this;
    }

    /**
     * Sets the password of an encrypted file: that whose UTF-8 bytes are the {@code SecretKey}
     * which the file was saved with.
     *
     * @param newPassword kept until the file was opened; the caller may wipe it then
     * @return this
     */
    public Builder password(char[] newPassword) {
      password = Objects.requireNonNull(newPassword, "newPassword");
      return this;
    }

    /**
     * Opens a file.
     *
     * @param file the file
     * @return its entries, to be closed
     * @throws SourceException if it is encrypted and no password was given, or the other way round,
     *     or the password is wrong
     * @throws IOException if it cannot be read
     */
    public ScandiumPskFile open(Path file) throws IOException {
      if (password != null) {
        byte[] plain = PskFileCipher.decrypt(file, password);
        return new ScandiumPskFile(this, new WipedArrayInput(plain));
      }
      InputStream in = Files.newInputStream(file);
      try {
        ScandiumPskFile opened = new ScandiumPskFile(this, in);
        PskFileCipher.requirePlain(opened.lines.peek());
        return opened;
      } catch (IOException | RuntimeException e) {
        in.close();
        throw e;
      }
    }
  }

  /** Bytes that are wiped when they are closed. */
  private static final class WipedArrayInput extends ByteArrayInputStream {
    WipedArrayInput(byte[] bytes) {
      super(bytes);
    }

    @Override
    public void close() {
      Arrays.fill(buf, (byte) 0);
    }
  }

  @Override
  public Optional<SourceEntry> next() throws IOException {
    while (lines.next()) {
      Optional<SourceEntry> entry = SecretBytes.useAndWipe(lines.line(), this::entry);
      if (entry.isPresent()) {
        return entry;
      }
    }
    if (isEncrypted && !isReadable && lines.number() > 0) {
      throw PskFileCipher.wrongPassword(null); // a cipher without authentication shows it so
    }
    return Optional.empty();
  }

  private Optional<SourceEntry> entry(byte[] line) {
    long number = lines.number();
    if (lines.isTooLong()) {
      return Optional.of(
          EntryMaker.notTaken(
              number,
              null,
              Reason.MALFORMED,
              "the line is longer than " + PskFileLines.MAX_LENGTH));
    }
    if (line.length == 0 || line[0] == '#') {
      isReadable |= line.length > 0;
      return Optional.empty();
    }
    int separator = PskFileLines.indexOf('=', line);
    if (separator < 0) {
      return Optional.of(
          EntryMaker.notTaken(number, null, Reason.MALFORMED, "the line has no '='"));
    }
    isReadable = true;
    return SecretBytes.useAndWipe(
        Arrays.copyOfRange(line, separator + 1, line.length),
        key -> Optional.of(entry(number, Arrays.copyOf(line, separator), key)));
  }

  private SourceEntry entry(long number, byte[] identity, byte[] key) {
    if (identity.length == 0) {
      return EntryMaker.notTaken(number, null, Reason.NO_ENDPOINT, "the line has no identity");
    }
    Optional<String> endpoint;
    try {
      PskIdentity found = PskIdentity.ofBytes(identity);
      if (!PskFileLines.isUtf8(identity)) {
        return EntryMaker.notTaken(
            number, null, Reason.MALFORMED, "its PSK identity is not UTF-8: '" + found + "'");
      }
      endpoint = endpoints.apply(found);
    } catch (InvalidCredentialException e) {
      return EntryMaker.notTaken(number, null, Reason.INVALID_VALUE, e.getMessage());
    }
    if (endpoint.isEmpty()) {
      return EntryMaker.notTaken(
          number, null, Reason.NO_ENDPOINT, "no endpoint is known for its PSK identity");
    }
    try {
      return maker.entry(
          number, endpoint.get(), () -> PskIdentity.ofBytes(identity), () -> key(key));
    } catch (IllegalArgumentException e) {
      return EntryMaker.notTaken(
          number, endpoint.get(), Reason.MALFORMED, "its key is not base64, or hex behind ':0x'");
    }
  }

  private static PreSharedKey key(byte[] text) {
    if (text.length >= HEX.length && Arrays.equals(text, 0, HEX.length, HEX, 0, HEX.length)) {
      return SecretBytes.useAndWipe(
          Arrays.copyOfRange(text, HEX.length, text.length), PreSharedKey::ofHex);
    }
    return SecretBytes.useAndWipe(Base64.getDecoder().decode(text), PreSharedKey::copyOf);
  }

  @Override
  public String place(long number) {
    return "line " + number;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
