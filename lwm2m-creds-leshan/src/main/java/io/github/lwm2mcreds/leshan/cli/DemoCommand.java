// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.leshan.FlashedDevice;
import io.github.lwm2mcreds.leshan.PskServer;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FirmwareView;
import io.github.lwm2mcreds.partition.PartitionInspection;
import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    headerHeading = "Example:%n  lwm2m-creds demo -o cred.bin%n%n",
    description = "Show a credential's whole journey in one process, on loopback.")
final class DemoCommand implements Callable<Integer> {
  private static final long TIMEOUT_SECONDS = 60;
  private static final String FILE_NAME = "cred.bin";

  @Mixin private Streams streams;

  private final CompletableFuture<Registration> registered = new CompletableFuture<>();
  private final CompletableFuture<HandshakeRefusal> refused = new CompletableFuture<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "New file to keep the partition in. Default: a temporary file, deleted at the end.")
  private Path output;

  @Override
  public Integer call() throws Exception {
    if (output != null) {
      show(output);
      return ExitCode.DONE;
    }
    Path folder = Files.createTempDirectory("lwm2m-creds-demo");
    // In case the process is stopped; what is named last is deleted first.
    folder.toFile().deleteOnExit();
    folder.resolve(FILE_NAME).toFile().deleteOnExit();
    try {
      show(folder.resolve(FILE_NAME));
      return ExitCode.DONE;
    } finally {
      Files.deleteIfExists(folder.resolve(FILE_NAME));
      Files.delete(folder);
    }
  }

  private void show(Path file) throws Exception {
    CredentialGenerator generator = CredentialGenerator.counting("demo-%08x", 0);
    DeviceCredential credential = generator.next();
    step("generate", "%s, check value %s", credential.endpoint(), credential.psk().checkValue());

    write(file, credential);
    step("write", "%s: %d bytes, readable only by you", file, Files.size(file));

    PartitionInspection inspection = InspectView.inspect(file, Optional.empty());
    step("inspect", "what the firmware reads");
    new InspectView(streams).print(file, inspection, false);
    inspection.destroy();

    CredentialStore store = new InMemoryCredentialStore();
    store.put(credential);
    LeshanServer server =
        PskServer.builder(store)
            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .onHandshakeRefusal(refused::complete)
            .build();
    server.getRegistrationService().addListener(new FirstRegistration());
    server.start();
    try {
      String uri = server.getEndpoint(Protocol.COAPS).getURI().toString();
      step("serve", "listening on %s", uri);
      register(file, uri, server);
      beRefused(credential.endpoint(), generator, uri);
    } finally {
      server.destroy();
      credential.destroy();
    }
    step("done", "");
  }

  private static void write(Path file, DeviceCredential credential) throws CommandException {
    byte[] bytes = CredentialPartition.encode(credential);
    try {
      PrivateFile.writeNew(file, bytes, Optional.empty());
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private void register(Path file, String uri, LeshanServer server) throws Exception {
    LeshanClient device = boot(PartitionFile.read(file, Optional.empty()), uri);
    device.start();
    try {
      Registration registration = await(registered, "the device did not register");
      step(
          "boot",
          "the device boots from %s and registers as %s",
          file.getFileName(),
          registration.getEndpoint());
      step("session", "DTLS 1.2, %s", await(cipherSuite(server), "the server has no session"));
      ReadResponse response = server.send(registration, new ReadRequest("/3/0/0"));
      if (response == null || !response.isSuccess()) {
        throw CommandException.failed("reading /3/0/0 returned " + response, null);
      }
      step("read", "/3/0/0 = %s", ((LwM2mResource) response.getContent()).getValue());
    } finally {
      device.destroy(true);
    }
  }

  /** Creates a device from a partition, which is wiped. */
  private static LeshanClient boot(byte[] partition, String uri) {
    FirmwareView firmware = FirmwareView.of(partition);
    Arrays.fill(partition, (byte) 0);
    try {
      String serialEndpoint = FirmwareView.serialEndpoint(FirmwareView.DEFAULT_PREFIX, 0);
      return FlashedDevice.boot(firmware, serialEndpoint).client(uri);
    } finally {
      firmware.destroy();
    }
  }

  private static CompletableFuture<String> cipherSuite(LeshanServer server) {
    CaliforniumServerEndpoint endpoint =
        (CaliforniumServerEndpoint) server.getEndpoint(Protocol.COAPS);
    CompletableFuture<String> suite = new CompletableFuture<>();
    ((DTLSConnector) endpoint.getCoapEndpoint().getConnector())
        .startForEach(
            connection -> suite.complete(connection.getSession().getCipherSuite().name()));
    return suite;
  }

  /** Starts another device with the first one's name and a key of its own. */
  private void beRefused(String endpoint, CredentialGenerator generator, String uri)
      throws Exception {
    DeviceCredential wrong = DeviceCredential.of(endpoint, generator.nextKey());
    LeshanClient impostor = boot(CredentialPartition.encode(wrong), uri);
    wrong.destroy();
    impostor.start();
    try {
      HandshakeRefusal refusal = await(refused, "the impostor was not refused");
      step(
          "impostor",
          "refused: %s PSK identity %s (the device is not told the reason)",
          refusal.reason() == HandshakeRefusal.Reason.WRONG_KEY ? "wrong key for" : "unknown",
          refusal.pskIdentity());
    } finally {
      impostor.destroy(false);
    }
  }

  private static <T> T await(CompletableFuture<T> future, String otherwise) throws Exception {
    try {
      return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw CommandException.failed(otherwise + " within " + TIMEOUT_SECONDS + " s", e);
    }
  }

  private void step(String name, String format, Object... args) {
    streams
        .out()
        .println(
            String.format(Locale.ROOT, "%-9s ", name)
                .concat(String.format(Locale.ROOT, format, args))
                .stripTrailing());
  }

  private final class FirstRegistration implements RegistrationListener {
    @Override
    public void registered(
        Registration registration, Registration previous, Collection<Observation> observations) {
      registered.complete(registration);
    }

    @Override
    public void updated(RegistrationUpdate update, Registration updated, Registration previous) {
      // only the first registration matters
    }

    @Override
    public void unregistered(
        Registration registration,
        Collection<Observation> observations,
        boolean expired,
        Registration next) {
      // only the first registration matters
    }
  }
}
