// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.KeyWeakness;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.partition.PartitionFormatException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.security.auth.Destroyable;

/**
 * Describes what the firmware will do with a partition, and everything that is wrong with it, in
 * plain words.
 */
public final class PartitionInspection implements Destroyable {
  /**
   * One thing that is wrong.
   *
   * @param code a stable name for programs, such as {@code token-not-hex}
   * @param offset the offset of the first wrong byte
   * @param message what is wrong, for people, and what the device makes of it
   */
  public record Finding(String code, int offset, String message) {}

  private final FirmwareView firmware;
  private final List<Finding> findings;

  private PartitionInspection(FirmwareView firmware, List<Finding> findings) {
    this.firmware = firmware;
    this.findings = List.copyOf(findings);
  }

  /**
   * Returns an inspection of a partition.
   *
   * @param partition any 66 bytes; not kept
   * @return the inspection, which the caller should destroy after use
   * @throws IllegalArgumentException if there are not exactly 66 bytes
   */
  public static PartitionInspection of(byte[] partition) {
    FirmwareView firmware = FirmwareView.of(partition);
    List<Finding> findings = new ArrayList<>();
    Field.ENDPOINT
        .problem(partition)
        .ifPresent(p -> findings.add(finding("endpoint-", p, endpointConsequence(firmware))));
    Field.TOKEN
        .problem(partition)
        .ifPresent(p -> findings.add(finding("token-", p, tokenConsequence(firmware))));
    if (firmware.keySource() == FirmwareView.KeySource.PARTITION) {
      for (KeyWeakness weakness : KeyPolicy.weaknesses(firmware.psk().orElseThrow())) {
        findings.add(
            new Finding("key-" + code(weakness), Field.SIZE, "the key " + weakness.description()));
      }
    }
    return new PartitionInspection(firmware, findings);
  }

  private static Finding finding(String prefix, Problem problem, String consequence) {
    return new Finding(
        prefix + code(problem.reason()), problem.offset(), problem.text() + ": " + consequence);
  }

  private static String code(Reason reason) {
    return switch (reason) {
      case EMPTY_ENDPOINT, EMPTY_TOKEN -> "empty";
      case WRONG_TOKEN_LENGTH -> "wrong-length";
      default -> code((Enum<?>) reason);
    };
  }

  private static String code(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String endpointConsequence(FirmwareView firmware) {
    if (firmware.endpointSource() == FirmwareView.EndpointSource.SERIAL) {
      return "the device uses its serial number as its name";
    }
    return firmware.endpointName("").isEmpty()
        ? "the device registers without a name"
        : "the device uses the characters up to the first NUL";
  }

  private static String tokenConsequence(FirmwareView firmware) {
    return switch (firmware.keySource()) {
      case BUILT_IN -> "the device uses its built-in key, which everyone knows";
      case NONE -> "LwM2M does not start on the device";
      case PARTITION -> "the device still makes a key of it, one that no server expects";
    };
  }

  /**
   * Returns what the firmware will do.
   *
   * @return the view, owned by this inspection
   */
  public FirmwareView firmware() {
    return firmware;
  }

  /**
   * Returns the endpoint in the partition.
   *
   * @return the endpoint as {@link PskIdentity#asString()} writes it; empty if it is not set
   */
  public Optional<String> endpoint() {
    return firmware
        .endpointBytes()
        .map(bytes -> bytes.length == 0 ? "" : PskIdentity.ofBytes(bytes).asString());
  }

  /**
   * Returns what is wrong.
   *
   * @return the findings, endpoint first; empty if the partition is well-formed and its key strong
   */
  public List<Finding> findings() {
    return findings;
  }

  /** Destroys the key. */
  @Override
  public void destroy() {
    firmware.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return firmware.isDestroyed();
  }

  @Override
  public String toString() {
    return "PartitionInspection["
        + firmware
        + ", findings="
        + findings.stream().map(Finding::code).toList()
        + "]";
  }
}
