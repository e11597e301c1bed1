package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.AuditCheckpoint;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.StoreFinding;
import java.nio.file.Path;
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
          "Write where the history stands now to a new file, to be kept where the store's"
              + " administrators cannot change it.")
  private Path saved;

  boolean isAsked() {
    return verify || checkpoint != null || saved != null;
  }

  int run(JdbcCredentialStore store, Streams streams) throws CommandException {
    List<StoreFinding> findings = new ArrayList<>();
    Optional<AuditCheckpoint> earlier =
        checkpoint == null ? Optional.empty() : Optional.of(CheckpointFile.read(checkpoint));
    if (verify || checkpoint != null) {
      Position end =
          store.verifyHistory(findings::add, new Progress(store.checkpoint().number(), streams));
      streams.out().println("unbroken from 1 to " + end.number() + ", hash " + end.hash());
      earlier.flatMap(store::compare).ifPresent(findings::add);
      findings.forEach(finding -> streams.out().println(finding.problem()));
      if (findings.isEmpty() && earlier.isPresent()) {
        streams
            .out()
            .println("nothing is missing since the checkpoint at entry " + earlier.get().number());
      }
    }
    if (saved != null && findings.isEmpty()) {
      save(store.checkpoint(), streams);
    }
    return findings.isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS;
  }

  private void save(AuditCheckpoint now, Streams streams) throws CommandException {
    CheckpointFile.write(saved, now);
    streams
        .out()
        .println("checkpoint at entry " + now.number() + " written to " + InputFile.name(saved));
  }
}
