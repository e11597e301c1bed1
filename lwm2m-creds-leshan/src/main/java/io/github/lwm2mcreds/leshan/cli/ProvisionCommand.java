// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "provision",
    headerHeading =
        "Example:%n  lwm2m-creds provision cred.bin --server https://leshan.example:8443%n%n",
    description = {
      "Send the credentials in partitions to a running Leshan server.",
      "Compares them with what the server holds first: new ones are sent, the same are left alone,"
          + " and if one is different nothing is sent."
    })
final class ProvisionCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @ParentCommand private Main main;

  @Parameters(
      arity = "1..*",
      type = Path.class,
      converter = InputFiles.AsTyped.class,
      paramLabel = "FILE",
      description = "Partition (66 bytes), page, Intel HEX file or flash dump." + InputFiles.HELP)
  private List<String> files;

  @Option(
      names = "--allow-unremovable",
      description =
          "Send endpoints such as 'a//b' or 'a%%b' too, which Leshan's API cannot remove again.")
  private boolean allowUnremovable;

  @Option(
      names = "--replace",
      description =
          "Replace what the server has for an endpoint: another key or PSK identity, or a"
              + " certificate or other mode.")
  private boolean replace;

  @Option(
      names = "--dry-run",
      description = "Compare with the server and show what would be done, but send nothing.")
  private boolean dryRun;

  @Mixin private FormatOption format;
  @Mixin private KeyPolicyOption keyPolicy;

  @ArgGroup(exclusive = false, heading = ServerOptions.HEADING)
  private ServerOptions server = new ServerOptions();

  @ArgGroup(exclusive = false, heading = LocationOptions.HEADING)
  private LocationOptions locationOptions = new LocationOptions();

  @Override
  public Integer call() throws CommandException {
    LeshanSecurityApi api = server.api(allowUnremovable, streams);
    // Reads all files first, so that nothing is sent unless everything can be.
    locationOptions.explain(streams);
    List<DeviceCredential> credentials =
        PartitionFile.readCredentials(
            InputFiles.of(files, streams), locationOptions.location(), keyPolicy, streams);
    try {
      return new Provisioning(
              api, replace, format.isJson(), streams, e -> main.report("provision", e))
          .run(credentials, dryRun);
    } finally {
      credentials.forEach(DeviceCredential::destroy);
    }
  }
}
