// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.KeyWeakness;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.leshan.FleetFinding.Severity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.StoreEngine.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Looks at all keys of a store together, and finds what shows in no single key: keys that endpoints
 * share, that count up from device to device, that have the same byte somewhere, or whose bits are
 * not evenly distributed; and keys that come from the endpoint's name. No key is kept.
 */
public final class FleetKeys {
  /** The fewest bytes for a chi-square over 256 values: five expected of each. */
  public static final int MIN_BYTES = 5 * 256;

  /** By which a standard normal deviates to either side with a probability of 10⁻⁶. */
  static final double TWO_SIDED = 4.892;

  /** By which a standard normal exceeds its mean with a probability of 10⁻⁶. */
  static final double ONE_SIDED = 4.754;

  private static final int PROGRESS_STEP = 1000;
  private static final String REPLACE = "give each device a random key of its own: store rotate";

  private final StoreEngine store;
  private final LongConsumer progress;
  private final KeyStatistics statistics = new KeyStatistics();
  private final KeyRelations relations = new KeyRelations();
  private final Map<String, List<String>> byCode = new TreeMap<>();
  private final List<String> unopened = new ArrayList<>();
  private long credentials;

  private FleetKeys(StoreEngine store, LongConsumer progress) {
    this.store = store;
    this.progress = progress;
  }

  /**
   * Opens every key of a store, as it stands at one moment. It takes memory for each credential, to
   * find keys that are shared.
   *
   * @param store stays the caller's
   * @param progress called with the number of credentials done, after each thousand
   * @return what was found
   * @throws CredentialStoreException if the store cannot be read
   */
  public static FleetReport examine(StoreEngine store, LongConsumer progress) {
    return new FleetKeys(store, progress).run();
  }

  private FleetReport run() {
    store.requireSealingKeys();
    Snapshot snapshot = store.load(Optional.empty(), this::add);
    KeyAges ages = KeyAges.of(store.audit(0), snapshot.position().number());
    return new FleetReport(
        snapshot.position(),
        credentials,
        unopened.size(),
        statistics.bytes(),
        statistics.ones(),
        statistics.bytes() < MIN_BYTES ? 0 : statistics.chiSquare(),
        ages.neverRenewed(),
        ages.oldest(),
        findings());
  }

  private void add(SealedCredential credential) {
    try {
      PreSharedKey key = store.open(credential);
      SecretBytes.useAndWipe(
          key.exposeBytes(),
          bytes -> {
            add(credential.endpoint(), bytes, key);
            return null;
          });
      key.destroy();
    } catch (CredentialStoreException e) {
      if (!e.isUnopenedKey()) {
        throw e;
      }
      unopened.add(credential.endpoint());
    }
    if (++credentials % PROGRESS_STEP == 0) {
      progress.accept(credentials);
    }
  }

  private void add(String endpoint, byte[] bytes, PreSharedKey key) {
    statistics.add(bytes);
    relations.add(endpoint, bytes);
    for (String code : KeyOrigin.codes(endpoint, bytes, key)) {
      byCode.computeIfAbsent(code, c -> new ArrayList<>()).add(endpoint);
    }
  }

  private List<FleetFinding> findings() {
    List<FleetFinding> findings = new ArrayList<>();
    byCode.forEach((code, endpoints) -> findings.add(ofKeys(code, endpoints)));
    addIfAny(findings, "SHARED_KEY", "share a key with another endpoint", relations.sharing());
    addIfAny(
        findings, "COUNTING_KEYS", "have a key that is another's plus one", relations.counting());
    addIfAny(findings, "UNOPENED_KEY", "have a key that does not open", sorted(unopened));
    addOfAllBytes(findings);
    findings.sort(Comparator.comparing(FleetFinding::severity).thenComparing(FleetFinding::code));
    return List.copyOf(findings);
  }

  private static List<String> sorted(List<String> endpoints) {
    return endpoints.stream().distinct().sorted().toList();
  }

  private static void addIfAny(
      List<FleetFinding> findings, String code, String problem, List<String> endpoints) {
    if (!endpoints.isEmpty()) {
      String advice = code.equals("UNOPENED_KEY") ? "store check tells why" : REPLACE;
      findings.add(new FleetFinding(code, Severity.SERIOUS, problem, advice, endpoints));
    }
  }

  private static FleetFinding ofKeys(String code, List<String> endpoints) {
    String problem =
        switch (code) {
          case KeyOrigin.DERIVED -> "have a key that follows from the endpoint's name";
          case KeyOrigin.FEW_VALUES -> "have a key of at most 8 different bytes";
          case KeyOrigin.PRINTABLE -> "have a key that is text: letters, digits and . - _";
          default -> "have a key that " + KeyWeakness.valueOf(code).description();
        };
    return new FleetFinding(code, Severity.SERIOUS, problem, REPLACE, sorted(endpoints));
  }

  private void addOfAllBytes(List<FleetFinding> findings) {
    List<Integer> constant = statistics.constantPositions();
    if (!constant.isEmpty()) {
      findings.add(ofFleet("CONSTANT_BYTES", "all keys have the same byte at " + constant));
    }
    if (statistics.bytes() < MIN_BYTES) {
      return;
    }
    if (Math.abs(statistics.monobit()) > TWO_SIDED) {
      findings.add(ofFleet("UNEVEN_BITS", "ones and zeros of all keys are not evenly distributed"));
    }
    if (statistics.chiSquareDeviation() > ONE_SIDED) {
      findings.add(ofFleet("UNEVEN_BYTES", "the bytes of all keys are not evenly distributed"));
    }
  }

  private static FleetFinding ofFleet(String code, String problem) {
    return new FleetFinding(
        code,
        Severity.WARNING,
        problem,
        "find out how the keys were made, and " + REPLACE,
        List.of());
  }
}
