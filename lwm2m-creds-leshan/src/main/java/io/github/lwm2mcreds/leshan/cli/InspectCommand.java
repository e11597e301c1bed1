// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.KeyReuse;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "inspect",
    headerHeading = "Example:%n  lwm2m-creds inspect cred.bin%n%n",
    description =
        "Show how a device reads its credential partition, and what is wrong with it. With --board,"
            + " a flash dump is searched at every address that the board's partition ever had; of"
            + " several files, devices that share a key are found.")
final class InspectCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Mixin private Streams streams;

  @Parameters(
      arity = "1..*",
      type = Path.class,
      converter = InputFiles.AsTyped.class,
      paramLabel = "FILE",
      description = "Partition (66 bytes), page, Intel HEX file or flash dump." + InputFiles.HELP)
  private List<String> files;

  @Option(names = "--json", description = "The same as --format json.")
  private boolean asJson;

  @Mixin private FormatOption format;

  @Option(
      names = "--reveal",
      description = "Show the pre-shared key that the device uses, in clear.")
  private boolean reveal;

  @ArgGroup(exclusive = false, heading = LocationOptions.HEADING)
  private LocationOptions locationOptions = new LocationOptions();

  private final KeyReuse<Path> keys = new KeyReuse<>();

  @Override
  public Integer call() throws CommandException {
    Optional<PartitionLocation> location = locationOptions.location();
    locationOptions.explain(streams);
    int exitCode = ExitCode.DONE;
    for (Path file : InputFiles.of(files, streams)) {
      int one;
      try {
        one = inspect(file, location);
      } catch (CommandException e) {
        one = main.report("inspect", e);
      }
      exitCode = ExitCode.worse(exitCode, one);
    }
    return exitCode;
  }

  private int inspect(Path file, Optional<PartitionLocation> location) throws CommandException {
    List<Inspected> all = Inspected.read(file, location, locationOptions.placements());
    InspectView view = new InspectView(streams);
    try {
      Inspected main = all.get(0).comparedWith(keys).comparedWith(all.subList(1, all.size()));
      print(main, view);
      for (Inspected other : all.subList(1, all.size())) {
        print(other, view);
      }
      return main.findings().isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS;
    } finally {
      all.forEach(one -> one.inspection().destroy());
    }
  }

  private void print(Inspected inspected, InspectView view) {
    if (asJson || format.isJson()) {
      view.printJson(inspected, reveal);
    } else {
      view.print(inspected, reveal);
    }
  }
}
