// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.leshan.FleetFinding.Severity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.seal.KeyWrapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    headerHeading =
        "Example:%n  lwm2m-creds doctor --store sqlite:fleet.db --evidence evidence.json%n%n",
    description = {
      "Report what keys are made with, who may read or replace the files that hold them, and what"
          + " the keys of a store look like as a whole. No key is shown.",
      "With --evidence, write the measurements to a file, too, so that others can repeat them."
    })
final class DoctorCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Option(
      names = "--evidence",
      paramLabel = "FILE",
      description =
          "Write what was measured to a new JSON file, named by the provisions of ETSI EN 303 645"
              + " and of the Cyber Resilience Act that it helps to answer.")
  private Path evidence;

  @Option(
      names = "--verify-evidence",
      paramLabel = "FILE",
      description = "Measure the store again, and report which claims of such a file differ.")
  private Path earlier;

  @Option(
      names = "--sessions",
      paramLabel = "FILE",
      description = "A server's file of sessions, whose mode and folders are looked at, too.")
  private Path sessions;

  @Option(
      names = "--max-age",
      paramLabel = "TIME",
      defaultValue = "365d",
      description = "How old a key may be before it is a finding. Default: ${DEFAULT-VALUE}.")
  private String maxAge;

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = "%nStore (without one, only this machine is looked at):%n")
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    Duration oldest = TimeSpan.parse("--max-age", maxAge);
    if (earlier != null) {
      return verify(DoctorEvidence.read(earlier), oldest);
    }
    DoctorReport report = new DoctorReport();
    DoctorMachine.examine(report);
    DoctorFiles.examine(files(), report);
    if (storeOptions.hasStore()) {
      examineStore(report, oldest);
    }
    new DoctorView(streams, format.isJson()).print(report);
    if (evidence != null) {
      Optional<String> store =
          storeOptions.hasStore() ? Optional.of(storeOptions.address().name()) : Optional.empty();
      DoctorEvidence.of(report, store, Instant.now()).write(evidence);
    }
    return report.exitCode();
  }

  private int verify(DoctorEvidence evidenceThen, Duration oldest) throws CommandException {
    if (evidence != null) {
      throw CommandException.refused("give only one of --evidence and --verify-evidence");
    }
    DoctorReport now = new DoctorReport();
    KeyWrapper wrapper = storeOptions.wrapper(false, streams);
    try (JdbcCredentialStore store = storeOptions.builder(wrapper, streams).open()) {
      new DoctorStore(store, now, streams).examine(wrapper.toString(), oldest);
      return new DoctorComparison(format, streams).run(evidenceThen, now, store);
    }
  }

  /** A store that does not open is a finding; one that is not there is a mistake. */
  private void examineStore(DoctorReport report, Duration oldest) throws CommandException {
    KeyWrapper wrapper = storeOptions.wrapper(false, streams);
    try (JdbcCredentialStore store = storeOptions.builder(wrapper, streams).open()) {
      new DoctorStore(store, report, streams).examine(wrapper.toString(), oldest);
    } catch (CredentialStoreException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        throw e;
      }
      report.add("STORE", Severity.SERIOUS, e.getMessage(), "nothing else was looked at in it");
    }
  }

  private List<Path> files() throws CommandException {
    List<Path> files = new ArrayList<>();
    if (storeOptions.hasStore()) {
      files.addAll(storeOptions.files());
    }
    if (sessions != null) {
      files.add(sessions);
    }
    return files;
  }
}
