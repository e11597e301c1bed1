// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.store.AuditCheckpoint;
import io.github.lwm2mcreds.store.HistoryHash;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A file of claims, in which everything has a fixed order. Its digest shows an accident, not an
 * intention: who changes the file can compute it anew.
 */
final class DoctorEvidence {
  private static final String KIND = "lwm2m-creds doctor 1";
  private static final String DIGEST = "sha256";

  private final ObjectNode content;

  private DoctorEvidence(ObjectNode content) {
    this.content = content;
  }

  /**
   * Makes the evidence of a report.
   *
   * @param store its name; empty if none was looked at
   */
  static DoctorEvidence of(DoctorReport report, Optional<String> store, Instant time) {
    ObjectNode content = JsonLine.object();
    content.put("evidence", KIND).put("tool", new Main.Version().getVersion()[0]);
    content.put("time", time.toString()).put("store", store.orElse(null));
    report
        .position()
        .ifPresent(
            position ->
                content
                    .putObject("history")
                    .put("number", position.number())
                    .put("hash", position.hash().toString()));
    content.put(
        "recompute",
        "lwm2m-creds doctor --verify-evidence FILE --store STORE: claims of scope STORE are"
            + " functions of the store at this position of its history");
    content.put("says", "what was measured; not that a provision is met");
    report.claims().forEach(claim -> content.withArray("claims").add(claim.toJson()));
    content.put(DIGEST, digest(content));
    return new DoctorEvidence(content);
  }

  static DoctorEvidence read(Path file) throws CommandException {
    try {
      JsonNode tree = new ObjectMapper().readTree(InputFile.read(file));
      if (!(tree instanceof ObjectNode content) || !KIND.equals(tree.path("evidence").asText())) {
        throw new IllegalArgumentException("another file");
      }
      String digest = content.path(DIGEST).asText();
      content.remove(DIGEST);
      if (!digest.equals(digest(content))) {
        throw CommandException.refused(
            InputFile.name(file) + ": was changed after it was written: its digest is another");
      }
      return new DoctorEvidence(content);
    } catch (IOException | IllegalArgumentException e) {
      throw CommandException.refused(
          InputFile.name(file) + ": is not a file of doctor --evidence", e);
    }
  }

  void write(Path file) throws CommandException {
    PrivateFile.writeNew(file, JsonLine.pretty(content).getBytes(UTF_8), Optional.empty());
  }

  /** Returns where the store's history stood; empty if no store was looked at. */
  Optional<AuditCheckpoint> position() throws CommandException {
    JsonNode history = content.path("history");
    if (history.isMissingNode()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new AuditCheckpoint(
              history.path("number").longValue(),
              HistoryHash.parse(history.path("hash").asText()),
              Instant.parse(content.path("time").asText())));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw CommandException.refused("the evidence's position in the history is not one", e);
    }
  }

  /** Returns the claims about the store by their ids. */
  Map<String, JsonNode> storeClaims() {
    Map<String, JsonNode> claims = new LinkedHashMap<>();
    for (JsonNode claim : content.path("claims")) {
      if (claim.path("scope").asText().equals(DoctorClaim.Scope.STORE.name())) {
        claims.put(claim.path("id").asText(), claim.path("result"));
      }
    }
    return claims;
  }

  private static String digest(ObjectNode content) {
    try {
      byte[] text = JsonLine.of(content).getBytes(UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
