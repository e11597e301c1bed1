// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lwm2mcreds.store.AuditCheckpoint;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.StoreFinding;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Compares evidence with what the store gives now, and says claim by claim what differs. */
final class DoctorComparison {
  private final FormatOption format;
  private final Streams streams;
  private boolean differs;

  DoctorComparison(FormatOption format, Streams streams) {
    this.format = format;
    this.streams = streams;
  }

  /** Returns the exit code. */
  int run(DoctorEvidence evidence, DoctorReport now, JdbcCredentialStore store)
      throws CommandException {
    AuditCheckpoint then =
        evidence
            .position()
            .orElseThrow(
                () ->
                    CommandException.refused("the evidence is about no store: nothing to verify"));
    Optional<StoreFinding> broken = store.compare(then);
    broken.ifPresent(finding -> say("history", false, finding.problem()));
    long more = now.position().orElseThrow().number() - then.number();
    if (broken.isEmpty()) {
      say(
          "history",
          true,
          more == 0
              ? "at the same position, " + then.number()
              : "went on by " + more + " changes since position " + then.number());
    }
    Map<String, JsonNode> earlier = new TreeMap<>(evidence.storeClaims());
    for (DoctorClaim claim : now.claims()) {
      if (claim.scope() == DoctorClaim.Scope.STORE) {
        compare(claim, Optional.ofNullable(earlier.remove(claim.id())));
      }
    }
    earlier.keySet().forEach(id -> say(id, false, "this release does not measure it"));
    return differs ? ExitCode.FINDINGS : ExitCode.DONE;
  }

  private void compare(DoctorClaim claim, Optional<JsonNode> earlier) {
    String now = JsonLine.of(claim.result());
    String then = earlier.map(JsonNode::toString).orElse("nothing");
    say(claim.id(), now.equals(then), now.equals(then) ? "the same" : then + ", now " + now);
  }

  private void say(String claim, boolean same, String text) {
    differs |= !same;
    streams
        .out()
        .println(
            format.isJson()
                ? JsonLine.of(
                    JsonLine.object().put("claim", claim).put("same", same).put("text", text))
                : claim + ": " + (same ? "" : "differs: ") + text);
  }
}
