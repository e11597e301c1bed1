// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.leshan.PskServer;
import io.github.lwm2mcreds.leshan.firmware.FirmwarePush;
import io.github.lwm2mcreds.scandium.ClusterNode;
import io.github.lwm2mcreds.scandium.ForwardSecrecy;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import io.github.lwm2mcreds.store.seal.KeyWrapper;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.endpoint.LwM2mServerEndpoint;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpoint;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "serve",
    headerHeading = "Example:%n  lwm2m-creds serve --store sqlite:fleet.db --host 0.0.0.0%n%n",
    description = {
      "Run a Leshan server with the credentials in partitions, or in a store whose changes it"
          + " follows, until SIGTERM.",
      "In a systemd unit with Type=notify and NotifyAccess=all it tells when it is ready, whether"
          + " it has lost its store, and when it stops. With WatchdogSec=, systemd restarts it if"
          + " the process hangs or no longer listens; a store that is out of reach is no reason for"
          + " that, and /ready of --metrics is where to watch it."
    })
final class ServeCommand implements Callable<Integer> {
  /** How long the store may be out of reach before the server is not ready, unless set. */
  private static final Duration STALE_AFTER = Duration.ofSeconds(30);

  @Mixin private Streams streams;

  @Option(
      names = "--partition",
      arity = "1..*",
      type = Path.class,
      converter = InputFiles.AsTyped.class,
      paramLabel = "FILE",
      description =
          "Credential partitions of the devices to serve, instead of a store." + InputFiles.HELP)
  private List<String> partitions = List.of();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address to listen on; 0.0.0.0 for all of this machine's. Default: ${DEFAULT-VALUE}.")
  private String host;

  @Option(
      names = "--coaps-port",
      paramLabel = "PORT",
      defaultValue = "5684",
      description = "UDP port; 0 picks a free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--refuse-newcomers-after",
      paramLabel = "TIME",
      description =
          "Refuse devices that connect once the store has been out of reach for longer than this,"
              + " such as 5m, 12h or 7d, since they may have been revoked meanwhile. Default: serve"
              + " the devices known so far.")
  private String refuseNewcomersAfter;

  @Option(
      names = "--forward-secret",
      arity = "0..1",
      fallbackValue = "required",
      paramLabel = "required|preferred",
      description =
          "Refuse devices without a forward-secret cipher suite (ECDHE_PSK), so that a key which"
              + " leaks later does not open what was recorded before; with =preferred, serve them"
              + " without. Default: serve the cipher suites without it that LwM2M asks for.")
  private ForwardSecrecy forwardSecrecy; // null unless it is given

  @Mixin private SessionsOptions sessions;
  @Mixin private FirmwareOptions firmware;
  @Mixin private MetricsOption metrics;
  @Mixin private FormatOption format;
  @Mixin private KeyPolicyOption keyPolicy;

  @ArgGroup(exclusive = false, heading = ClusterOptions.HEADING)
  private ClusterOptions cluster = new ClusterOptions();

  @ArgGroup(exclusive = false, heading = ProvisioningOptions.HEADING)
  private ProvisioningOptions provisioning = new ProvisioningOptions();

  @ArgGroup(exclusive = false, heading = LocationOptions.HEADING)
  private LocationOptions locationOptions = new LocationOptions();

  @ArgGroup(exclusive = false, heading = "%nStore, instead of --partition:%n")
  private StoreOptions storeOptions; // null if none of them is given

  @ArgGroup(exclusive = false, heading = NewWrappingKeyOptions.HEADING)
  private NewWrappingKeyOptions newWrappingKey = new NewWrappingKeyOptions();

  private Optional<ClusterNode> node = Optional.empty();
  private Events lines;
  private ServeEvents events;
  private ServiceManager service;

  @Override
  public Integer call() throws CommandException {
    UntoldEvents.log(); // before the first of them
    InetSocketAddress address = address();
    StoreOptions ofTheEnvironment = new StoreOptions();
    if (storeOptions != null) {
      storeOptions.address(); // refuses a key without a store
    } else if (partitions.isEmpty() && ofTheEnvironment.hasStore()) {
      storeOptions = ofTheEnvironment;
    }
    if ((storeOptions == null) == partitions.isEmpty()) {
      throw CommandException.refused("give either --store or --partition");
    }
    if (refuseNewcomersAfter != null && storeOptions == null) {
      throw CommandException.refused("--refuse-newcomers-after needs --store");
    }
    sessions.check(storeOptions != null);
    firmware.check();
    provisioning.check(storeOptions != null);
    node = cluster.node(streams);
    lines = new Events(streams, format.isJson());
    try (Shutdown shutdown = new Shutdown(lines);
        ServiceManager manager = new ServiceManager(System.getenv(), streams)) {
      service = manager;
      events = new ServeEvents(lines, manager::status);
      try (Monitor monitor = metrics.start(events::metrics)) {
        return serve(address, monitor, shutdown);
      }
    }
  }

  private int serve(InetSocketAddress address, Monitor monitor, Shutdown shutdown)
      throws CommandException {
    if (storeOptions == null) {
      return serve(address, partitions(), monitor, shutdown);
    }
    Optional<Duration> limit = limit();
    try (MirroredCredentialStore store = mirror(limit)) {
      monitor.loaded(store, limit.orElse(STALE_AFTER));
      events.following(storeOptions.address(), store.size());
      Optional<ProvisioningOptions.Running> endpoint =
          provisioning.start(store, storeOptions.address(), host, streams);
      try {
        endpoint.ifPresent(events::provisioning);
        return serve(address, store, monitor, shutdown);
      } finally {
        endpoint.ifPresent(ProvisioningOptions.Running::close);
      }
    }
  }

  private int serve(
      InetSocketAddress address, CredentialStore store, Monitor monitor, Shutdown shutdown)
      throws CommandException {
    PskServer.Builder builder =
        PskServer.builder(store)
            .address(address)
            .onHandshakeRefusal(events::refused)
            .onRegistrationRefusal(events::refused)
            .onSweepFailure(events::sweepFailed);
    if (forwardSecrecy != null) {
      builder.forwardSecrecy(forwardSecrecy);
    }
    sessions.addTo(builder, store);
    ClusterOptions.add(builder, node, events);
    LeshanServer server = builder.build();
    server.getRegistrationService().addListener(events);
    Optional<FirmwarePush> push = firmware.addTo(server, lines);
    start(server, address);
    monitor.started(server);
    LwM2mServerEndpoint coaps = server.getEndpoint(Protocol.COAPS);
    events.listening("coaps://" + hostPort(coaps.getURI().getPort()));
    service.ready("serving, devices: " + store.size(), () -> isStarted(coaps));
    return shutdown.await(
        () -> {
          service.stopping();
          monitor.stopping();
          push.ifPresent(FirmwarePush::close);
          server.destroy();
          events.flush();
        });
  }

  /**
   * Whether a restart would mend nothing. A lost store does not count: devices that are known are
   * served meanwhile, and another start would lose them.
   */
  private static boolean isStarted(LwM2mServerEndpoint endpoint) {
    return ((CaliforniumServerEndpoint) endpoint).getCoapEndpoint().isStarted();
  }

  private void start(LeshanServer server, InetSocketAddress address) throws CommandException {
    try {
      server.start();
    } catch (RuntimeException e) {
      server.destroy();
      Optional<CommandException> ofSessions = sessions.failure(e);
      if (ofSessions.isPresent()) {
        throw ofSessions.get();
      }
      throw BindFailure.of(hostPort(address.getPort()), address.getPort(), e);
    }
  }

  /** Returns the host as the user named it, with brackets around an IPv6 address. */
  private String hostPort(int boundPort) {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + boundPort;
  }

  private InetSocketAddress address() throws CommandException {
    if (port < 0 || port > 0xffff) {
      throw CommandException.refused("--coaps-port must be 0 to 65535");
    }
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw CommandException.refused("--host: cannot resolve " + host);
    }
    return address;
  }

  /** Opens the store with its wrapping key, or with the one it may be moved to meanwhile. */
  private MirroredCredentialStore mirror(Optional<Duration> limit) throws CommandException {
    KeyWrapper current = storeOptions.wrapper(false, streams);
    KeyWrapper wrapper =
        newWrappingKey
            .wrapper(streams)
            .map(next -> KeyWrappers.anyOf(current, next))
            .orElse(current);
    JdbcCredentialStore store = storeOptions.builder(wrapper, streams).open();
    MirroredCredentialStore.Builder builder =
        MirroredCredentialStore.builder(store).observer(events);
    limit.ifPresent(builder::refuseNewcomersAfter);
    try {
      MirroredCredentialStore mirror = builder.build();
      mirror.addListener(events);
      return mirror;
    } catch (CredentialStoreException e) {
      store.close();
      throw e;
    }
  }

  private Optional<Duration> limit() throws CommandException {
    return refuseNewcomersAfter == null
        ? Optional.empty()
        : Optional.of(TimeSpan.parse("--refuse-newcomers-after", refuseNewcomersAfter));
  }

  private CredentialStore partitions() throws CommandException {
    CredentialStore store = new InMemoryCredentialStore(keyPolicy.policy());
    locationOptions.explain(streams);
    for (DeviceCredential credential :
        PartitionFile.readCredentials(
            InputFiles.of(partitions, streams), locationOptions.location(), keyPolicy, streams)) {
      store.put(credential);
      credential.destroy();
    }
    return store;
  }
}
