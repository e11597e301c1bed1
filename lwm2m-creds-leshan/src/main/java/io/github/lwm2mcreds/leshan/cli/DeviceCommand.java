// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.leshan.FlashedDevice;
import io.github.lwm2mcreds.leshan.firmware.FirmwareUpdateObject;
import io.github.lwm2mcreds.partition.FirmwareView;
import io.github.lwm2mcreds.partition.FirmwareView.KeySource;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.observer.LwM2mClientObserverAdapter;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.ResponseCode;
import org.eclipse.leshan.core.request.RegisterRequest;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "device",
    headerHeading =
        "Example:%n  lwm2m-creds device cred.bin --server coaps://127.0.0.1:5684 --once%n%n",
    description = "Act as a device: boot from a flash image as the firmware does, and register.")
final class DeviceCommand implements Callable<Integer> {
  private static final String URI_HINT = "--server must be a URI like coaps://127.0.0.1:5684";

  @Mixin private Streams streams;

  @Parameters(
      paramLabel = "FILE",
      description = "Partition (66 bytes), page, Intel HEX file or flash dump.")
  private Path file;

  @Option(
      names = "--server",
      required = true,
      paramLabel = "URI",
      description = "The server, such as coaps://127.0.0.1:5684.")
  private String server;

  @Option(names = "--once", description = "Exit once registered, or if registering fails.")
  private boolean once;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "With --once: how long to try. Default: ${DEFAULT-VALUE}.")
  private int timeoutSeconds;

  @Option(
      names = "--serial-number",
      paramLabel = "HEX",
      defaultValue = "0",
      description = "Serial number, up to 8 hex digits, for a partition without an endpoint.")
  private String serialNumber;

  @Option(
      names = "--firmware",
      paramLabel = "FILE",
      description =
          "Take firmware that the server pushes (object 5), check its digest, and keep it in this"
              + " file, whose version the device tells.")
  private Path firmwareFile;

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = LocationOptions.HEADING)
  private LocationOptions locationOptions = new LocationOptions();

  @Override
  public Integer call() throws CommandException {
    checkServer();
    if (timeoutSeconds < 1) {
      throw CommandException.refused("--timeout must be at least 1 second");
    }
    if (once && firmwareFile != null) {
      throw CommandException.refused("--firmware comes after --once has ended: leave one out");
    }
    FlashedDevice device = withFirmware(boot());
    CompletableFuture<String> registered = new CompletableFuture<>();
    if (once) {
      return waitForOutcome(registered, start(device, registered));
    }
    try (Shutdown shutdown = new Shutdown(events())) {
      LeshanClient client = start(device, registered);
      return shutdown.await(() -> client.destroy(true));
    }
  }

  private FlashedDevice withFirmware(FlashedDevice device) throws CommandException {
    if (firmwareFile == null) {
      return device;
    }
    FirmwareSlot slot = new FirmwareSlot(firmwareFile, events());
    return device.withObject(FirmwareUpdateObject.ID, new FirmwareUpdateObject(slot.runs(), slot));
  }

  private Events events() {
    return new Events(streams, format.isJson());
  }

  private LeshanClient start(FlashedDevice device, CompletableFuture<String> registered) {
    LeshanClient client = device.client(server);
    client.addObserver(new Outcome(registered));
    client.start();
    return client;
  }

  private void checkServer() throws CommandException {
    URI uri;
    try {
      uri = new URI(server);
    } catch (URISyntaxException e) {
      throw CommandException.refused(URI_HINT, e);
    }
    if (!"coaps".equals(uri.getScheme())
        || uri.getHost() == null
        || uri.getPort() <= 0
        || uri.getPort() > 0xffff) {
      throw CommandException.refused(URI_HINT);
    }
    if (new InetSocketAddress(uri.getHost(), uri.getPort()).isUnresolved()) {
      throw CommandException.refused("--server: cannot resolve the host " + uri.getHost());
    }
  }

  private FlashedDevice boot() throws CommandException {
    locationOptions.explain(streams);
    byte[] partition = PartitionFile.read(file, locationOptions.location());
    try {
      FirmwareView firmware = FirmwareView.of(partition);
      if (firmware.keySource() == KeySource.BUILT_IN) {
        streams.warn("this device uses the firmware's built-in key, which everyone knows");
      }
      String serialEndpoint =
          FirmwareView.serialEndpoint(
              FirmwareView.DEFAULT_PREFIX, Integer.parseUnsignedInt(serialNumber, 16));
      return FlashedDevice.boot(firmware, serialEndpoint);
    } catch (NumberFormatException e) {
      throw CommandException.refused("--serial-number must be up to 8 hex digits", e);
    } catch (IllegalArgumentException e) {
      throw CommandException.refused(InputFile.name(file) + ": " + e.getMessage(), e);
    } finally {
      Arrays.fill(partition, (byte) 0);
    }
  }

  private int waitForOutcome(CompletableFuture<String> registered, LeshanClient client)
      throws CommandException {
    boolean succeeded = false;
    try {
      registered.get(timeoutSeconds, TimeUnit.SECONDS);
      succeeded = true;
      return ExitCode.DONE;
    } catch (ExecutionException e) {
      throw CommandException.failed("not registered: " + e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw CommandException.failed(
          "not registered within "
              + timeoutSeconds
              + " s: the server does not answer, or has no key or another key for this PSK"
              + " identity",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted", e);
    } finally {
      client.destroy(succeeded);
    }
  }

  private final class Outcome extends LwM2mClientObserverAdapter {
    private final CompletableFuture<String> registered;

    Outcome(CompletableFuture<String> registered) {
      this.registered = registered;
    }

    @Override
    public void onRegistrationSuccess(
        LwM2mServer to, RegisterRequest request, String registrationId) {
      String endpoint = request.getEndpointName();
      events()
          .print(
              "registered",
              "registered as " + Printable.escape(endpoint) + " with " + to.getUri(),
              object -> object.put("endpoint", endpoint).put("server", to.getUri()));
      registered.complete(registrationId);
    }

    @Override
    public void onRegistrationFailure(
        LwM2mServer to,
        RegisterRequest request,
        ResponseCode responseCode,
        String errorMessage,
        Exception cause) {
      fail(
          responseCode == null
              ? "the DTLS handshake with "
                  + to.getUri()
                  + " failed: wrong key or unknown PSK identity?"
              : "the server answered "
                  + responseCode
                  + (errorMessage == null ? "" : " " + Printable.escape(errorMessage)));
    }

    @Override
    public void onRegistrationTimeout(LwM2mServer to, RegisterRequest request) {
      fail(to.getUri() + " does not answer: no server there, wrong key, or unknown PSK identity");
    }

    @Override
    public void onUnexpectedError(Throwable unexpectedError) {
      fail("unexpected error: " + unexpectedError);
    }

    private void fail(String why) {
      if (!once) {
        events().print("not-registered", "not registered", why);
      }
      registered.completeExceptionally(new IllegalStateException(why));
    }
  }
}
