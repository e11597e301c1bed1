// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.AuditCheckpoint;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.StoreFinding;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Verifies a store's history, and keeps and compares checkpoints of it. */
final class HistoryOptions {
  @Option(
      names = "--verify",
      description =
          "Follow the history from its beginning, and report where it was changed or has a gap.")
  private boolean verify;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description =
          "Report, too, whether the history still has all that it had at this checkpoint, made by"
              + " --save-checkpoint: what was cut off at the end shows in no other way.")
  private Path checkpoint;

  @Option(
      names = "--save-checkpoint",
      paramLabel = "FILE",
      description =
          "Verify the history, and write where it stands now to a new file, to be kept where the"
              + " store's administrators cannot change it.")
  private Path saved;

  boolean isAsked() {
    return verify || checkpoint != null || saved != null;
  }

  /** Looks through the whole history; a checkpoint is saved of one that is unbroken. */
  int run(JdbcCredentialStore store, HistoryReport report) throws CommandException {
    Optional<AuditCheckpoint> earlier =
        checkpoint == null ? Optional.empty() : Optional.of(CheckpointFile.read(checkpoint));
    List<StoreFinding> findings = new ArrayList<>();
    Progress progress = new Progress("entries", store.checkpoint().number(), report.streams());
    Position end = store.verifyHistory(findings::add, progress);
    progress.clear();
    earlier.flatMap(store::compare).ifPresent(findings::add);
    report.print(end, earlier, findings);
    if (!findings.isEmpty()) {
      return ExitCode.FINDINGS;
    }
    if (saved != null) {
      AuditCheckpoint now = new AuditCheckpoint(end.number(), end.hash(), Instant.now());
      CheckpointFile.write(saved, now);
      report.saved(now, saved);
    }
    return ExitCode.DONE;
  }
}
