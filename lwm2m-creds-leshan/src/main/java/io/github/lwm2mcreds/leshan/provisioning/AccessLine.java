// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import io.github.lwm2mcreds.leshan.provisioning.AccessEntry.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/** A line of an access file: {@code ROLE token NAME SHA256} or {@code ROLE certificate SUBJECT}. */
final class AccessLine {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int MAX_SUBJECT = 500;

  private final AccessEntry entry;

  /** What a token is hashed to; of a certificate nothing. */
  private final byte[] hash;

  /** Of a certificate; null for a token. */
  private final X500Principal subject;

  private AccessLine(AccessEntry entry, byte[] hash, X500Principal subject) {
    this.entry = entry;
    this.hash = hash;
    this.subject = subject;
  }

  /** Reads a line; no message repeats any of it, as it may be a token in clear. */
  static AccessLine parse(String text) {
    String[] words = text.strip().split("\\s+", 3);
    ProvisioningRole role =
        ProvisioningRole.of(words[0])
            .orElseThrow(() -> bad("begins with neither 'factory' nor 'operator'"));
    if (words.length == 3 && words[1].equals(word(Kind.TOKEN))) {
      return token(role, words[2]);
    }
    if (words.length == 3 && words[1].equals(word(Kind.CERTIFICATE))) {
      return certificate(role, subject(words[2]));
    }
    throw bad("is neither 'ROLE token NAME SHA256' nor 'ROLE certificate SUBJECT'");
  }

  private static AccessLine token(ProvisioningRole role, String rest) {
    String[] words = rest.split("\\s+");
    if (words.length != 2 || !HASH.matcher(words[1]).matches()) {
      throw bad("does not end with a token's name and its SHA-256 in 64 lower-case hex digits");
    }
    return token(role, words[0], HexFormat.of().parseHex(words[1]));
  }

  static AccessLine token(ProvisioningRole role, String name, byte[] hash) {
    if (!NAME.matcher(name).matches()) {
      throw bad(
          "has no good name for the token: 1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen,"
              + " the first a letter or a digit");
    }
    return new AccessLine(new AccessEntry(role, Kind.TOKEN, name), hash, null);
  }

  static AccessLine certificate(ProvisioningRole role, X500Principal subject) {
    String name = subject.getName();
    if (name.isEmpty() || name.length() > MAX_SUBJECT) {
      throw bad("has a certificate's subject that is empty or longer than 500 characters");
    }
    return new AccessLine(new AccessEntry(role, Kind.CERTIFICATE, name), new byte[0], subject);
  }

  private static X500Principal subject(String text) {
    try {
      return new X500Principal(text);
    } catch (IllegalArgumentException e) {
      throw bad("has a certificate's subject that is not like CN=line 3,O=Example");
    }
  }

  private static IllegalArgumentException bad(String what) {
    return new IllegalArgumentException(what);
  }

  static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** Returns what a token is known by. */
  static byte[] hash(byte[] token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  static byte[] hash(String token) {
    return hash(token.getBytes(StandardCharsets.UTF_8));
  }

  AccessEntry entry() {
    return entry;
  }

  /** Compares in the same time, whatever the hash is. */
  boolean hasHash(byte[] other) {
    return MessageDigest.isEqual(hash, other);
  }

  boolean hasSubject(X500Principal other) {
    return other.equals(subject);
  }

  /** Returns whether both are for the same caller. */
  boolean isFor(AccessLine other) {
    return subject == null
        ? entry.kind() == other.entry.kind() && entry.name().equals(other.entry.name())
        : subject.equals(other.subject);
  }

  @Override
  public String toString() {
    String end = hash.length == 0 ? "" : " " + HexFormat.of().formatHex(hash);
    return entry.role().id() + " " + word(entry.kind()) + " " + entry.name() + end;
  }
}
