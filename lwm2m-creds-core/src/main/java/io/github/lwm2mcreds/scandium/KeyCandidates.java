// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.scandium.Diagnosis.Mistake;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The keys that a device may have instead of the right one, by a usual mistake. */
final class KeyCandidates {
  /** A key and the mistake that makes it. */
  record Candidate(byte[] key, Diagnosis diagnosis) {}

  /** What a tool or an editor leaves behind a text. */
  private enum Ending {
    NONE(""),
    LINE_FEED("with a line feed behind it", '\n'),
    CR_LF("with CR LF behind it", '\r', '\n'),
    NUL("with a NUL behind it", '\0');

    private final String text;
    private final byte[] bytes;

    Ending(String text, int... bytes) {
      this.text = text;
      this.bytes = new byte[bytes.length];
      IntStream.range(0, bytes.length).forEach(i -> this.bytes[i] = (byte) bytes[i]);
    }
  }

  private static final int[] BUFFER_SIZES = {16, 32, 64};

  private final byte[] key;
  private final List<Candidate> candidates = new ArrayList<>();

  private KeyCandidates(byte[] key) {
    this.key = key;
    addWithEndings(key.clone(), Mistake.KEY_WITH_MORE);
    addWithEndings(HexDigits.encode(key), Mistake.HEX_AS_TEXT);
    addWithEndings(upperCaseHex(), Mistake.HEX_AS_TEXT);
    addWithEndings(Base64.getEncoder().encode(key), Mistake.BASE64_AS_TEXT);
    addWithEndings(Base64.getEncoder().withoutPadding().encode(key), Mistake.BASE64_AS_TEXT);
    addOfText(withoutEnd());
    add(reversed(), Mistake.KEY_REVERSED, "");
    addParts();
    addPadded();
  }

  /**
   * Returns what mistake makes a key that passes a test; at most some dozens are tried.
   *
   * @param key the right one; not kept
   * @param test not called with the right key; keys are wiped after it
   */
  static Optional<Diagnosis> find(byte[] key, Predicate<byte[]> test) {
    List<Candidate> candidates = of(key);
    try {
      return candidates.stream()
          .filter(candidate -> test.test(candidate.key))
          .map(Candidate::diagnosis)
          .findFirst();
    } finally {
      candidates.forEach(candidate -> Arrays.fill(candidate.key, (byte) 0));
    }
  }

  /** Returns them for the caller to wipe. */
  static List<Candidate> of(byte[] key) {
    return new KeyCandidates(key).candidates;
  }

  private void add(byte[] owned, Mistake mistake, String detail) {
    if (owned.length > 0 && !Arrays.equals(owned, key)) {
      candidates.add(new Candidate(owned, new Diagnosis(mistake, detail)));
    } else {
      Arrays.fill(owned, (byte) 0);
    }
  }

  private void addWithEndings(byte[] text, Mistake mistake) {
    for (Ending ending : Ending.values()) {
      byte[] ended = Arrays.copyOf(text, text.length + ending.bytes.length);
      System.arraycopy(ending.bytes, 0, ended, text.length, ending.bytes.length);
      add(ended, mistake, ending.text);
    }
    Arrays.fill(text, (byte) 0);
  }

  private byte[] upperCaseHex() {
    ByteBuffer digits = ByteBuffer.allocate(2 * key.length);
    return HexDigits.encode(key, HexFormat.of().withUpperCase(), digits).array();
  }

  /** The server's key may be a text that was to be decoded, and have a line end itself. */
  private void addOfText(byte[] text) {
    add(text.clone(), Mistake.KEY_CUT, "without what is behind it");
    if (isText(text)) {
      add(inCase(text, true), Mistake.KEY_IN_OTHER_CASE, "");
      add(inCase(text, false), Mistake.KEY_IN_OTHER_CASE, "");
      if (text.length % 2 == 0 && HexDigits.indexOfNonDigit(text, 0, text.length) < 0) {
        add(HexDigits.decode(text, 0, text.length), Mistake.TEXT_AS_HEX, "");
      }
      try {
        add(Base64.getDecoder().decode(text), Mistake.TEXT_AS_BASE64, "");
      } catch (IllegalArgumentException e) {
        // it is no Base64
      }
    }
    Arrays.fill(text, (byte) 0);
  }

  private byte[] withoutEnd() {
    int length = key.length;
    while (length > 0 && key[length - 1] >= 0 && key[length - 1] <= ' ') {
      length--;
    }
    return Arrays.copyOf(key, length);
  }

  private static boolean isText(byte[] bytes) {
    return IntStream.range(0, bytes.length).allMatch(i -> bytes[i] > ' ' && bytes[i] < 0x7f);
  }

  private static byte[] inCase(byte[] text, boolean upper) {
    byte[] other = text.clone();
    for (int i = 0; i < other.length; i++) {
      other[i] = (byte) (upper ? Character.toUpperCase(other[i]) : Character.toLowerCase(other[i]));
    }
    return other;
  }

  private byte[] reversed() {
    byte[] reversed = new byte[key.length];
    for (int i = 0; i < key.length; i++) {
      reversed[i] = key[key.length - 1 - i];
    }
    return reversed;
  }

  private void addParts() {
    add(Arrays.copyOfRange(key, 1, key.length), Mistake.KEY_CUT, "all but its first byte");
    add(Arrays.copyOf(key, key.length - 1), Mistake.KEY_CUT, "all but its last byte");
    int nul = IntStream.range(0, key.length).filter(i -> key[i] == 0).findFirst().orElse(0);
    add(Arrays.copyOf(key, nul), Mistake.KEY_CUT, "what is in front of its first NUL");
    byte[] digits = HexDigits.encode(key);
    for (int size : BUFFER_SIZES) {
      addFirst(key, size, size + " of its bytes");
      addFirst(digits, size, size + " of its hex digits as text");
      addFirst(digits, size - 1, size - 1 + " of its hex digits as text");
    }
    Arrays.fill(digits, (byte) 0);
  }

  private void addFirst(byte[] bytes, int length, String detail) {
    if (length < bytes.length) {
      add(Arrays.copyOf(bytes, length), Mistake.KEY_CUT, "the first " + detail);
    }
  }

  private void addPadded() {
    for (int size : BUFFER_SIZES) {
      if (size > key.length) {
        add(Arrays.copyOf(key, size), Mistake.KEY_WITH_MORE, "with NULs up to " + size + " bytes");
      }
    }
  }
}
