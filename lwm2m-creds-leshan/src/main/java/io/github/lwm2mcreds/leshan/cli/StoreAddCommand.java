// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.EndpointInUseException;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.RevokedCredentialException;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "add",
    headerHeading = "Example:%n  lwm2m-creds store add cred.bin --store sqlite:fleet.db%n%n",
    description =
        "Add the credentials in partitions to a store, all or none; or create a credential.")
final class StoreAddCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Parameters(
      arity = "0..*",
      type = Path.class,
      converter = InputFiles.AsTyped.class,
      paramLabel = "FILE",
      description = "Partition (66 bytes), page, Intel HEX file or flash dump." + InputFiles.HELP)
  private List<String> files = List.of();

  @Option(
      names = "--endpoint",
      paramLabel = "NAME",
      description = "Create a credential for this endpoint instead of reading partitions.")
  private String endpoint;

  @Option(
      names = "--identity",
      paramLabel = "ID",
      description = "With --endpoint: the PSK identity. Default: the endpoint.")
  private String identity;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "With --endpoint: new file to write the credential partition to, with mode 0600.")
  private Path output;

  @Option(
      names = "--replace",
      description = "Replace the current credential of an endpoint, and end its sessions.")
  private boolean replace;

  @Option(
      names = "--reinstate",
      description = "Accept revoked endpoints and PSK identities. Adds credentials one by one.")
  private boolean reinstate;

  @Mixin private NewKeyOption newKey;
  @Mixin private DeviceStackOption deviceStack;
  @Mixin private KeyPolicyOption keyPolicy;

  @ArgGroup(exclusive = false, heading = LocationOptions.HEADING)
  private LocationOptions locationOptions = new LocationOptions();

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    requireOneSource();
    deviceStack.profile();
    try (JdbcCredentialStore store = storeOptions.open(keyPolicy.policy(), streams)) {
      List<DeviceCredential> credentials = endpoint == null ? read() : List.of(make());
      try {
        for (DeviceCredential credential : credentials) {
          deviceStack.check(credential);
        }
        add(store, credentials);
        return ExitCode.DONE;
      } finally {
        credentials.forEach(DeviceCredential::destroy);
      }
    }
  }

  private void requireOneSource() throws CommandException {
    if (endpoint == null && (identity != null || output != null || newKey.isGiven())) {
      throw CommandException.refused("--identity, --output and --key need --endpoint");
    }
    if ((endpoint == null) == files.isEmpty()) {
      throw CommandException.refused("give partitions, or --endpoint NAME to create a credential");
    }
  }

  private List<DeviceCredential> read() throws CommandException {
    locationOptions.explain(streams);
    return PartitionFile.readCredentials(
        InputFiles.of(files, streams), locationOptions.location(), keyPolicy, streams);
  }

  private DeviceCredential make() throws CommandException {
    String name = DeviceCredential.requireEndpoint(endpoint);
    PskIdentity pskIdentity = PskIdentity.of(identity == null ? name : identity);
    DeviceCredential made = DeviceCredential.of(name, pskIdentity, newKey.key(streams));
    keyPolicy.check(made, "--key", streams);
    return made;
  }

  private void add(JdbcCredentialStore store, List<DeviceCredential> credentials)
      throws CommandException {
    Map<DeviceCredential, String> outcomes = new LinkedHashMap<>();
    for (DeviceCredential credential : credentials) {
      outcomes.put(credential, outcome(store, credential));
    }
    try {
      if (output == null) {
        put(store, outcomes);
        return;
      }
      byte[] bytes = CredentialPartition.encode(credentials.get(0));
      NewKeyFile.write(output, bytes, () -> put(store, outcomes));
    } catch (RevokedCredentialException e) {
      throw CommandException.refused(e.getMessage() + " (--reinstate)", e);
    } catch (EndpointInUseException e) { // another process was faster
      throw CommandException.refused(e.getMessage() + " (--replace)", e);
    }
  }

  /** Returns what adding will do; refuses to replace a key that a device may use. */
  private String outcome(JdbcCredentialStore store, DeviceCredential credential)
      throws CommandException {
    Optional<CredentialSummary> found = StoredCredential.find(store, credential.endpoint());
    if (found.isEmpty()) {
      return "added";
    }
    Optional<DeviceCredential> opened = StoredCredential.open(store, credential.endpoint());
    boolean isSame = opened.filter(credential::equals).isPresent();
    opened.ifPresent(DeviceCredential::destroy);
    if (isSame) {
      return "unchanged";
    }
    if (replace) {
      return "replaced";
    }
    throw CommandException.refused(
        StoreRow.quoted(credential.endpoint())
            + " has another credential, "
            + found
                .get()
                .checkValue()
                .map(value -> "with the check value " + value)
                .orElse("whose key does not open")
            + "; nothing was added (--replace replaces it)");
  }

  private void put(JdbcCredentialStore store, Map<DeviceCredential, String> outcomes) {
    if (!reinstate && replace) {
      store.putAll(outcomes.keySet());
    } else if (!reinstate) {
      store.addAll(outcomes.keySet());
    }
    outcomes.forEach(
        (credential, outcome) -> {
          if (reinstate) {
            store.reinstate(credential);
          }
          streams
              .out()
              .println(
                  format.isJson()
                      ? JsonLine.of(ReportJson.of(credential, outcome))
                      : StoreRow.of(credential, outcome));
        });
    streams.out().flush();
  }
}
