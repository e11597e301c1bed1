// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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
      paramLabel = "FILE",
      description = "Partition (66 bytes), page, Intel HEX file or flash dump.")
  private List<Path> files;

  @Option(
      names = "--server",
      required = true,
      paramLabel = "URL",
      description = "The server, such as https://leshan.example:8443.")
  private String server;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "Certificate of the server's CA, or of the server itself, in PEM; trusted instead of the"
              + " Java runtime's authorities.")
  private Path ca;

  @Option(
      names = "--header",
      paramLabel = "NAME:@FILE",
      description =
          "Header for a proxy in front of the server, with its value in a file, such as"
              + " Authorization:@token.")
  private String header;

  @Option(
      names = "--allow-plain-http",
      description = "Send keys in clear over the network. Unsafe; not needed for this machine.")
  private boolean allowPlainHttp;

  @Option(
      names = "--allow-unremovable",
      description =
          "Send endpoints such as 'a//b' or 'a%%b' too, which Leshan's API cannot remove again.")
  private boolean allowUnremovable;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "Time for one request; the server's list of many devices may take longer. Default:"
              + " ${DEFAULT-VALUE}.")
  private int timeout;

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

  @ArgGroup(exclusive = false, heading = LocationOptions.HEADING)
  private LocationOptions locationOptions = new LocationOptions();

  @Override
  public Integer call() throws CommandException {
    LeshanSecurityApi api = api();
    // Reads all files first, so that nothing is sent unless everything can be.
    locationOptions.explain(streams);
    List<DeviceCredential> credentials =
        PartitionFile.readCredentials(files, locationOptions.location(), keyPolicy, streams);
    try {
      return new Provisioning(
              api, replace, format.isJson(), streams, e -> main.report("provision", e))
          .run(credentials, dryRun);
    } finally {
      credentials.forEach(DeviceCredential::destroy);
    }
  }

  private LeshanSecurityApi api() throws CommandException {
    try {
      LeshanSecurityApi.Builder builder =
          LeshanSecurityApi.builder(new URI(server)).requestTimeout(Duration.ofSeconds(timeout));
      if (ca != null) {
        builder.trust(ca);
      }
      if (allowUnremovable) {
        builder.allowUnremovableEndpoints();
      }
      if (header != null) {
        addHeader(builder);
      }
      return build(builder);
    } catch (URISyntaxException e) {
      throw CommandException.refused("--server must be a URL like https://leshan.example:8443", e);
    } catch (IllegalArgumentException e) {
      throw CommandException.refused(e.getMessage(), e);
    } catch (IOException e) {
      throw Rights.reading(ca, e);
    }
  }

  /** Allows plain HTTP only where the builder would refuse it. */
  private LeshanSecurityApi build(LeshanSecurityApi.Builder builder) throws CommandException {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      if (ca == null && allowPlainHttp) {
        streams.warn(
            "keys go over the network in clear: anyone who sees the traffic can read them");
        return builder.allowPlainHttp().build();
      }
      throw CommandException.refused(
          e.getMessage() + (ca == null ? " with --allow-plain-http" : ""), e);
    }
  }

  private void addHeader(LeshanSecurityApi.Builder builder) throws CommandException {
    int separator = header.indexOf(":@");
    if (separator < 1) {
      throw CommandException.refused(
          "--header must be a name and a file, such as Authorization:@token");
    }
    byte[] content = InputFile.read(InputFile.path(header.substring(separator + 2)));
    CharBuffer value = StandardCharsets.ISO_8859_1.decode(ByteBuffer.wrap(content));
    Arrays.fill(content, (byte) 0);
    int end = value.limit();
    while (end > 0 && value.get(end - 1) <= ' ') {
      end--;
    }
    char[] stripped = Arrays.copyOf(value.array(), end);
    Arrays.fill(value.array(), '\0');
    builder.header(header.substring(0, separator), stripped::clone);
  }
}
