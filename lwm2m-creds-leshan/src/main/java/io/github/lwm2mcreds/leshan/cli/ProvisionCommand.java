package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import io.github.lwm2mcreds.leshan.rest.SecurityApiException;
import io.github.lwm2mcreds.partition.PartitionLocation;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "provision",
    description = "Give the devices of some partitions to a running Leshan server.",
    mixinStandardHelpOptions = true)
final class ProvisionCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "A partition (66 bytes), page, Intel HEX file or flash dump.")
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
          "The certificate of the server's CA, or of the server itself, in PEM: what to trust"
              + " instead of the Java runtime's authorities.")
  private Path ca;

  @Option(
      names = "--header",
      paramLabel = "NAME:@FILE",
      description =
          "A header for what stands in front of the server, with its value in a file, such as"
              + " Authorization:@token.")
  private String header;

  @Option(
      names = "--allow-plain-http",
      description = "Send keys in clear over the network. Unsafe; not needed for this machine.")
  private boolean allowPlainHttp;

  @Option(names = "--dry-run", description = "Check everything, and send nothing.")
  private boolean dryRun;

  @Mixin private LocationOptions locationOptions;
  @Mixin private KeyPolicyOption keyPolicy;

  ProvisionCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandException {
    LeshanSecurityApi api = api();
    List<DeviceCredential> credentials = credentials();
    try {
      int failures = 0;
      for (DeviceCredential credential : credentials) {
        failures += provision(api, credential) ? 0 : 1;
      }
      return failures == 0 ? ExitCode.DONE : ExitCode.FAILED;
    } finally {
      credentials.forEach(DeviceCredential::destroy);
    }
  }

  private LeshanSecurityApi api() throws CommandException {
    try {
      LeshanSecurityApi.Builder builder = LeshanSecurityApi.builder(new URI(server));
      if (ca != null) {
        builder.trust(ca);
      }
      if (header != null) {
        addHeader(builder);
      }
      if (allowPlainHttp) {
        builder.allowPlainHttp();
        if (server.toLowerCase(Locale.ROOT).startsWith("http:")) {
          streams.warn("keys go over the network in clear: whoever sees the traffic has them");
        }
      }
      return builder.build();
    } catch (URISyntaxException e) {
      throw CommandException.refused("--server is a URL like https://leshan.example:8443", e);
    } catch (IllegalArgumentException e) {
      throw CommandException.refused(e.getMessage() + hint(), e);
    } catch (IOException e) {
      throw PartitionFile.unreadable(ca, e);
    }
  }

  private String hint() {
    boolean plain = server.toLowerCase(Locale.ROOT).startsWith("http:");
    return plain && !allowPlainHttp ? " with --allow-plain-http" : "";
  }

  private void addHeader(LeshanSecurityApi.Builder builder) throws CommandException {
    int separator = header.indexOf(":@");
    if (separator < 1) {
      throw CommandException.refused("--header is a name and a file, such as Authorization:@token");
    }
    Path file = Path.of(header.substring(separator + 2));
    try {
      String value = Files.readString(file, StandardCharsets.US_ASCII).strip();
      builder.header(header.substring(0, separator), value::toCharArray);
    } catch (IOException e) {
      throw PartitionFile.unreadable(file, e);
    }
  }

  /** Reads all files, so that nothing is sent unless everything can be. */
  private List<DeviceCredential> credentials() throws CommandException {
    Optional<PartitionLocation> location = locationOptions.location();
    List<DeviceCredential> credentials = new ArrayList<>();
    for (Path file : files) {
      DeviceCredential credential = PartitionFile.readCredential(file, location);
      keyPolicy.check(credential, file.toString(), streams);
      credentials.add(credential);
    }
    return credentials;
  }

  private boolean provision(LeshanSecurityApi api, DeviceCredential credential)
      throws CommandException {
    if (dryRun) {
      row(credential, "would be sent");
      return true;
    }
    try {
      api.put(credential);
      row(credential, "sent");
      return true;
    } catch (SecurityApiException e) {
      switch (e.reason()) {
        case UNSENDABLE, IDENTITY_IN_USE, REJECTED -> {
          row(credential, "failed");
          streams.err().println("provision: " + e.getMessage());
          return false;
        }
        default ->
            throw CommandException.failed(e.getMessage(), e); // the next would fare no better
      }
    }
  }

  private void row(DeviceCredential credential, String outcome) {
    streams
        .out()
        .printf("%-32s %s  %s%n", credential.endpoint(), credential.psk().checkValue(), outcome);
    streams.out().flush();
  }
}
