// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.leshan.provisioning.ProvisioningServer;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The provisioning endpoint beside a server, if it is to have one. */
final class ProvisioningOptions {
  static final String HEADING =
      "%nProvisioning endpoint, in place of Leshan's security API (needs --store):%n";

  @Option(
      names = "--provisioning-port",
      paramLabel = "PORT",
      description =
          "Take credentials on https://HOST:PORT/api/security/clients, as Leshan does, from the"
              + " callers in the access file. 0 picks a free port.")
  private Integer port; // null unless it is given

  @Option(
      names = "--provisioning-host",
      paramLabel = "ADDRESS",
      description = "Address to listen on. Default: that of --host.")
  private String host;

  @Option(
      names = "--provisioning-access",
      paramLabel = "FILE",
      description =
          "Who may call, see 'access add'; read again when it changes. Default: the SQLite file's"
              + " name with .access added.")
  private Path access;

  @Option(
      names = "--provisioning-certificate",
      paramLabel = "FILE",
      description =
          "The endpoint's private key and certificate: PKCS#12, or PEM with a PKCS#8 key. Default:"
              + " the access file's name with .pem added, which is made, self-signed, if it is not"
              + " there.")
  private Path certificate;

  @Option(
      names = "--provisioning-passphrase",
      paramLabel = "@FILE|-",
      description = "What the private key is encrypted with: the first line of a file or of input.")
  private String passphrase;

  @Option(
      names = "--provisioning-client-ca",
      paramLabel = "FILE",
      description =
          "Certificates in PEM of the authorities that issue client certificates. Default: none.")
  private Path clientCa;

  @Option(
      names = "--provisioning-rate",
      paramLabel = "N",
      defaultValue = "100",
      description = "Requests a second of one caller. Default: ${DEFAULT-VALUE}.")
  private int rate;

  /** What is listening, and how clients know that it is this. */
  record Running(ProvisioningServer server, String fingerprint) implements AutoCloseable {
    @Override
    public void close() {
      server.close();
    }
  }

  /** Refuses what cannot work, before anything is started. */
  void check(boolean hasStore) throws CommandException {
    if (port == null) {
      return;
    }
    if (!hasStore) {
      throw CommandException.refused("--provisioning-port needs --store, where credentials go");
    }
    if (port < 0 || port > 0xffff) {
      throw CommandException.refused("--provisioning-port must be 0 to 65535");
    }
  }

  /**
   * Starts the endpoint, if it is wanted.
   *
   * @param serverHost the address of the server for devices
   */
  Optional<Running> start(
      ManagedCredentialStore store, StoreAddress address, String serverHost, Streams streams)
      throws CommandException {
    if (port == null) {
      return Optional.empty();
    }
    String name = host == null ? serverHost : host;
    InetSocketAddress where = new InetSocketAddress(name, port);
    if (where.isUnresolved()) {
      throw CommandException.refused("--provisioning-host: cannot resolve " + name);
    }
    Path accessFile = accessFile(address);
    TlsKeyFile key = key(accessFile, name, streams);
    try {
      ProvisioningServer.Builder builder =
          ProvisioningServer.builder(store, accessFile)
              .address(where)
              .certificate(key.key(), key.chain())
              .requestsPerSecond(rate);
      if (clientCa != null) {
        builder.clientAuthorities(TlsKeyFile.certificates(clientCa));
      }
      return Optional.of(
          new Running(builder.start(), ServerCertificate.fingerprint(key.chain().get(0))));
    } catch (IllegalArgumentException e) {
      throw CommandException.refused("--provisioning-port: " + e.getMessage(), e);
    } catch (IllegalStateException e) {
      throw CommandException.failed("--provisioning-port: " + e.getMessage(), e);
    } catch (IOException e) {
      throw CommandException.failed(
          "--provisioning-port: cannot listen on "
              + name
              + ":"
              + port
              + ": the port may be in use, or the address is not this machine's",
          e);
    }
  }

  private Path accessFile(StoreAddress address) throws CommandException {
    Path file = access;
    if (file == null) {
      file =
          address
              .file()
              .map(database -> Path.of(database + ".access"))
              .orElseThrow(
                  () ->
                      CommandException.refused(
                          "with a store in PostgreSQL, --provisioning-port needs"
                              + " --provisioning-access FILE"));
    }
    if (!Files.exists(file)) {
      throw CommandException.refused(
          InputFile.name(file)
              + ": there is no access file, and so nobody could call: 'access add' makes one");
    }
    return file;
  }

  private TlsKeyFile key(Path accessFile, String name, Streams streams) throws CommandException {
    Path file = certificate;
    if (file == null) {
      file = Path.of(accessFile + ".pem");
      if (!Files.exists(file)) {
        ServerCertificate.make(file, name);
      }
    }
    char[] password =
        passphrase == null
            ? null
            : SecretInput.passphrase("--provisioning-passphrase", passphrase, false, streams);
    try {
      return TlsKeyFile.read("--provisioning-certificate", file, null, password, streams);
    } finally {
      if (password != null) {
        Arrays.fill(password, '\0');
      }
    }
  }
}
