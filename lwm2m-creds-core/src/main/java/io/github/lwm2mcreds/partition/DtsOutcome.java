// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.partition.DtsPreprocessor.MissingInclude;
import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The result of reading the source once.
 *
 * @param found the partition; empty if there is none
 * @param failure why there is none
 */
record DtsOutcome(Optional<DtsFound> found, Optional<FlashImageException> failure) {
  private static final String NODE_LABEL = "credentials_partition";
  private static final String LABEL = "lwm2m-credentials";
  private static final int MAX_LISTED = 10;

  static DtsOutcome failed(FlashImageException failure) {
    return new DtsOutcome(Optional.empty(), Optional.of(failure));
  }

  static DtsOutcome of(DtsTree tree, List<MissingInclude> missing) throws FlashImageException {
    List<DtsNode> nodes =
        tree.nodes().filter(DtsOutcome::isPartition).filter(node -> node.has("reg")).toList();
    if (nodes.isEmpty()) {
      throw none(missing);
    }
    List<DtsFound> found = new ArrayList<>();
    for (DtsNode node : nodes.subList(0, Math.min(nodes.size(), MAX_LISTED))) {
      found.add(DtsAddress.of(node));
    }
    if (found.stream().map(DtsFound::location).distinct().count() > 1) {
      throw new FlashImageException(
          Reason.AMBIGUOUS_PARTITION,
          "the devicetree has several credentials partitions: "
              + found.stream().map(DtsOutcome::text).collect(Collectors.joining(", ")));
    }
    requireNothingMissing(found.get(0), missing);
    return new DtsOutcome(Optional.of(found.get(0)), Optional.empty());
  }

  private static boolean isPartition(DtsNode node) {
    return node.labels().contains(NODE_LABEL) || node.strings("label").equals(List.of(LABEL));
  }

  private static FlashImageException none(List<MissingInclude> missing) {
    String text =
        "the devicetree has no node "
            + NODE_LABEL
            + " (label \""
            + LABEL
            + "\") with a reg; is it the application's?";
    Optional<MissingInclude> include = missing.stream().filter(m -> m.hasNodes()).findFirst();
    return new FlashImageException(
        Reason.NO_PARTITION_NODE, text + include.map(m -> " It may be in " + text(m)).orElse(""));
  }

  /** Refuses a place that a file which is not there could change. */
  private static void requireNothingMissing(DtsFound found, List<MissingInclude> missing)
      throws FlashImageException {
    for (MissingInclude include : missing) {
      if (include.hasNodes() && (found.baseIsUnknown() || !found.anchored())) {
        throw new FlashImageException(
            Reason.MISSING_INCLUDE, "the flash of the partition is in " + text(include));
      }
    }
  }

  private static String text(MissingInclude include) {
    return Printable.escape(DtsNumber.shortened(include.name()))
        + ", which "
        + include.place()
        + " includes and which was not found";
  }

  static String text(DtsFound found) {
    return String.format(Locale.ROOT, "0x%x (%s)", found.location().address(), found.place());
  }

  /** Whether both lead to the same place, or to none for the same reason. */
  boolean isSameAs(DtsOutcome other) {
    return found.map(DtsFound::location).equals(other.found.map(DtsFound::location))
        && failure
            .map(FlashImageException::reason)
            .equals(other.failure.map(FlashImageException::reason));
  }

  boolean isMalformed() {
    return failure.filter(e -> e.reason() == Reason.BAD_DEVICETREE).isPresent();
  }

  boolean isAmbiguous() {
    return failure.filter(e -> e.reason() == Reason.AMBIGUOUS_PARTITION).isPresent();
  }

  String text() {
    return found
        .map(DtsOutcome::text)
        .orElseGet(
            () ->
                failure.orElseThrow().reason() == Reason.NO_PARTITION_NODE
                    ? "none"
                    : "none (" + failure.orElseThrow().getMessage() + ")");
  }
}
