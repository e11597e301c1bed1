// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.internal.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * Who may call the provisioning endpoint, as an access file has it: a line for each bearer token,
 * with the token's hash alone, and for each subject of a client certificate. Empty lines and those
 * that begin with {@code #} say nothing.
 */
public final class AccessList {
  /** How many may have access. */
  public static final int MAX_ENTRIES = 1000;

  private static final int MAX_SIZE = 1 << 20;
  private static final AccessList EMPTY = new AccessList(List.of(), List.of());

  private final List<String> text;
  private final List<AccessLine> lines;

  private AccessList(List<String> text, List<AccessLine> lines) {
    this.text = text;
    this.lines = lines;
  }

  /**
   * Returns the list of nobody.
   *
   * @return an empty list
   */
  public static AccessList empty() {
    return EMPTY;
  }

  /**
   * Reads an access file.
   *
   * @param file of mode 0600, where the file system has modes
   * @return the list
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if others than its owner may read or write it, or it is not an
   *     access file; the message says what to do
   */
  public static AccessList read(Path file) throws IOException {
    String name = "the access file '" + Printable.escape(file.toString()) + "'";
    if (PrivateFiles.widerMode(file).isPresent()) {
      throw new IllegalArgumentException(
          name + " is open to others than its owner: check its content, and set its mode to 600");
    }
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MAX_SIZE + 1);
    }
    if (content.length > MAX_SIZE) {
      throw new IllegalArgumentException(name + " is larger than 1 MiB");
    }
    try {
      return parse(name, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(name + " is not UTF-8 text", e);
    }
  }

  private static AccessList parse(String name, CharSequence content) {
    List<String> text = content.toString().lines().toList();
    List<AccessLine> lines = new ArrayList<>();
    for (int i = 0; i < text.size(); i++) {
      try {
        if (saysSomething(text.get(i))) {
          add(AccessLine.parse(text.get(i)), lines);
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            name
                + ": line "
                + (i + 1)
                + " "
                + e.getMessage()
                + "; nobody has access until it is"
                + " put right",
            e);
      }
    }
    return new AccessList(text, List.copyOf(lines));
  }

  private static boolean saysSomething(String line) {
    return !line.isBlank() && !line.strip().startsWith("#");
  }

  private static void add(AccessLine line, List<AccessLine> lines) {
    if (lines.stream().anyMatch(line::isFor)) {
      throw new IllegalArgumentException(
          "is a second one for the " + line.entry().actor() + ", which has one role");
    }
    if (lines.size() == MAX_ENTRIES) {
      throw new IllegalArgumentException("is beyond the limit of " + MAX_ENTRIES + " entries");
    }
    lines.add(line);
  }

  /**
   * Returns the list with one more bearer token.
   *
   * @param name 1 to 64 of {@code A-Z a-z 0-9 . _ -}, not used by another token
   * @param role what who has the token may do
   * @param token such as {@link AccessToken#create} makes; not kept, only its SHA-256 is
   * @return a new list; this one does not change
   * @throws IllegalArgumentException if the name is not a good one or is in use, or there are too
   *     many entries
   */
  public AccessList withToken(String name, ProvisioningRole role, byte[] token) {
    return with(AccessLine.token(role, name, AccessLine.hash(token)));
  }

  /**
   * Returns the list with one more subject of client certificates.
   *
   * @param subject who has a certificate with it, from an authority that the server trusts, may
   *     call
   * @param role what the caller may do
   * @return a new list; this one does not change
   * @throws IllegalArgumentException if the subject is empty, too long or in use, or there are too
   *     many entries
   */
  public AccessList withCertificate(X500Principal subject, ProvisioningRole role) {
    return with(AccessLine.certificate(role, subject));
  }

  private AccessList with(AccessLine line) {
    List<AccessLine> moreLines = new ArrayList<>(lines);
    add(line, moreLines);
    List<String> moreText = new ArrayList<>(text);
    moreText.add(line.toString());
    return new AccessList(List.copyOf(moreText), List.copyOf(moreLines));
  }

  /**
   * Returns the list without somebody.
   *
   * @param entry one of the {@link #entries}
   * @return a new list; the same if the entry is not in this one
   */
  public AccessList without(AccessEntry entry) {
    return new AccessList(
        text.stream()
            .filter(line -> !saysSomething(line) || !AccessLine.parse(line).entry().equals(entry))
            .toList(),
        lines.stream().filter(line -> !line.entry().equals(entry)).toList());
  }

  /**
   * Writes the list to a file of mode 0600, in place of the one that may be there; it is there
   * whole or not at all. Servers that use it take it up with their next request.
   *
   * @param file where to
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    StringBuilder content = new StringBuilder();
    text.forEach(line -> content.append(line).append('\n'));
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath(); // not a link
    PrivateFiles.replace(target, content.toString().getBytes(StandardCharsets.UTF_8));
    PrivateFiles.force(Objects.requireNonNull(target.getParent(), "a folder"));
  }

  /**
   * Returns who has access.
   *
   * @return the entries, in the order of the file
   */
  public List<AccessEntry> entries() {
    return lines.stream().map(AccessLine::entry).toList();
  }

  /** Finds who has a token. It is compared with all, so that time does not tell which it is. */
  Optional<AccessEntry> ofToken(String token) {
    byte[] hash = AccessLine.hash(token);
    return lines.stream()
        .filter(line -> line.hasHash(hash))
        .map(AccessLine::entry)
        .reduce((first, second) -> first);
  }

  Optional<AccessEntry> ofSubject(X500Principal subject) {
    return lines.stream().filter(line -> line.hasSubject(subject)).map(AccessLine::entry).findAny();
  }

  @Override
  public String toString() {
    return "AccessList" + entries().stream().map(AccessEntry::actor).toList();
  }
}
