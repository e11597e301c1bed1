// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialSummary;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The endpoints of a store that a mistyped one may stand for. A store may be large and far away, so
 * the names that are one slip away are looked up by the store's index first, whatever its size; and
 * only if there is none, the store's names are read in their order, which finds two slips. Each
 * ends after a second.
 */
final class EndpointNeighbours {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MAX_NAMES = 3;

  /** What names of devices are made of, most often. */
  private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz-_.:";

  private final CredentialStore store;
  private final String typed;
  private final String alphabet;

  private EndpointNeighbours(CredentialStore store, String typed) {
    this.store = store;
    this.typed = typed;
    boolean hasCapitals = typed.chars().anyMatch(Character::isUpperCase);
    this.alphabet =
        (ALPHABET + (hasCapitals ? ALPHABET.toUpperCase(Locale.ROOT) : "") + typed)
            .codePoints()
            .distinct()
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
  }

  /** Returns the end of a message that asks whether one of them was meant; may be empty. */
  static String of(CredentialStore store, String typed) {
    List<String> nearest = new EndpointNeighbours(store, typed).find();
    return nearest.isEmpty()
        ? ""
        : "; did you mean "
            + nearest.stream().map(StoreRow::quoted).collect(Collectors.joining(" or "))
            + "?";
  }

  private List<String> find() {
    List<String> near = lookedUp();
    return near.isEmpty() ? read() : near;
  }

  private List<String> lookedUp() {
    if (typed.length() < 2) {
      return List.of(); // all short names are similar
    }
    long start = System.nanoTime();
    return Stream.of(lookAlikes(), shortened(), swapped(), exchanged(), extended())
        .flatMap(names -> names)
        .takeWhile(name -> System.nanoTime() - start < LIMIT_NANOS)
        .filter(name -> !name.isEmpty() && !name.equals(typed))
        .distinct()
        .filter(store::hasCredential)
        .limit(MAX_NAMES)
        .toList();
  }

  private Stream<String> lookAlikes() {
    String seen = LookAlike.seen(typed);
    return Stream.of(
        seen,
        Normalizer.normalize(typed, Form.NFC),
        Normalizer.normalize(typed, Form.NFD),
        seen.toLowerCase(Locale.ROOT),
        seen.toUpperCase(Locale.ROOT),
        typed + " ");
  }

  private Stream<String> shortened() {
    return positions(0).mapToObj(i -> typed.substring(0, i) + typed.substring(i + 1));
  }

  private Stream<String> swapped() {
    return positions(1)
        .mapToObj(
            i ->
                typed.substring(0, i - 1)
                    + typed.charAt(i)
                    + typed.charAt(i - 1)
                    + typed.substring(i + 1));
  }

  private Stream<String> exchanged() {
    return positions(0)
        .boxed()
        .flatMap(i -> letters().map(c -> typed.substring(0, i) + c + typed.substring(i + 1)));
  }

  private Stream<String> extended() {
    return IntStream.rangeClosed(0, typed.length())
        .boxed()
        .flatMap(i -> letters().map(c -> typed.substring(0, i) + c + typed.substring(i)));
  }

  private IntStream positions(int first) {
    return IntStream.range(first, typed.length());
  }

  private Stream<String> letters() {
    return alphabet.codePoints().mapToObj(Character::toString);
  }

  private List<String> read() {
    long start = System.nanoTime();
    SimilarNames similar = new SimilarNames(typed);
    try (Stream<CredentialSummary> all = store.stream()) {
      Iterator<CredentialSummary> credentials = all.iterator();
      while (System.nanoTime() - start < LIMIT_NANOS && credentials.hasNext()) {
        similar.offer(credentials.next().endpoint());
      }
    }
    return similar.nearest();
  }
}
