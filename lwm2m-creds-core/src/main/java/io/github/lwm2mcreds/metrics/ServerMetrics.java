// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.metrics;

import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.scandium.SavedSessions;
import io.github.lwm2mcreds.scandium.ServerCounts;
import io.github.lwm2mcreds.scandium.ServerCounts.LookupSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * The meters of a DTLS server. All are read from counts that the server keeps anyhow, so binding
 * costs a handshake nothing, and what happened before is counted, too.
 *
 * <pre>{@code
 * PskServerConnector connector = new PskServerConnector(config, store);
 * new ServerMetrics(connector.counts()).bindTo(registry);
 * }</pre>
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>name</th><th>kind</th><th>tags</th><th>what it counts</th></tr>
 *   <tr><td>{@code lwm2m.creds.handshakes}</td><td>counter</td>
 *       <td>{@code outcome}, {@code reason}</td>
 *       <td>Handshakes: {@code established} with {@code full} or {@code resumed}; {@code refused}
 *       with a {@link io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason} in lower case, such
 *       as {@code wrong_key} ({@code fragmented_client_hello} counts messages, whose sender is not
 *       verified); {@code aborted} with {@code retired}, when its credential was retired
 *       meanwhile.</td></tr>
 *   <tr><td>{@code lwm2m.creds.handshakes.undiagnosed}</td><td>counter</td><td></td>
 *       <td>Those of the refused handshakes with a wrong key or an unknown identity that were not
 *       looked into, since there were too many.</td></tr>
 *   <tr><td>{@code lwm2m.creds.handshakes.slowed}</td><td>counter</td><td>{@code kind}</td>
 *       <td>Messages that were dropped since too many handshakes had failed: of a {@code network},
 *       or of an {@code identity} from one peer.</td></tr>
 *   <tr><td>{@code lwm2m.creds.identities.under.attack}</td><td>gauge</td><td></td>
 *       <td>Identities of credentials that were reported to be under attack within the last
 *       minute.</td></tr>
 *   <tr><td>{@code lwm2m.creds.lookups}</td><td>counter</td><td>{@code source}</td>
 *       <td>Keys that handshakes asked for: found in {@code memory}, found later in the {@code
 *       database}, {@code none}, or the store {@code failed}.</td></tr>
 *   <tr><td>{@code lwm2m.creds.connections}</td><td>gauge</td><td></td>
 *       <td>Connections, with a session or in a handshake.</td></tr>
 *   <tr><td>{@code lwm2m.creds.handshakes.under.way}</td><td>gauge</td><td></td>
 *       <td>Those of the connections that have no session yet.</td></tr>
 *   <tr><td>{@code lwm2m.creds.connections.left}</td><td>gauge</td><td></td>
 *       <td>How many more sessions there is room for.</td></tr>
 *   <tr><td>{@code lwm2m.creds.connections.displaced}</td><td>counter</td><td>{@code kind}</td>
 *       <td>Connections that ended for another: the oldest {@code handshake}, as too many were
 *       under way; the {@code session} used least recently, as there were too many; one that was
 *       {@code replaced} by a newer session of the same device.</td></tr>
 *   <tr><td>{@code lwm2m.creds.sessions.ended}</td><td>counter</td><td>{@code cause}</td>
 *       <td>Sessions ended because their credential is gone or has another key: {@code retired}
 *       when that was reported, {@code swept} when all sessions were compared with the
 *       store.</td></tr>
 *   <tr><td>{@code lwm2m.creds.cluster.sent}</td><td>counter</td><td></td>
 *       <td>Records that a node has sent to other nodes of its cluster, for their devices or for
 *       its own.</td></tr>
 *   <tr><td>{@code lwm2m.creds.cluster.refused}</td><td>counter</td><td></td>
 *       <td>What came to a node's cluster address, and no node of its cluster has sent.</td></tr>
 * </table>
 *
 * <p>A server with a {@link io.github.lwm2mcreds.scandium.SessionFile} also has
 *
 * <table>
 *   <caption>Meters of saved sessions</caption>
 *   <tr><th>name</th><th>kind</th><th>tags</th><th>what it counts</th></tr>
 *   <tr><td>{@code lwm2m.creds.sessions.saves}</td><td>counter</td><td>{@code outcome}</td>
 *       <td>How often the sessions were {@code saved}, or that {@code failed}.</td></tr>
 *   <tr><td>{@code lwm2m.creds.sessions.loaded}</td><td>counter</td><td>{@code outcome}</td>
 *       <td>Saved sessions that were {@code restored}, or {@code dropped}, as their credential
 *       was retired meanwhile.</td></tr>
 *   <tr><td>{@code lwm2m.creds.sessions.files.refused}</td><td>counter</td><td></td>
 *       <td>Files whose sessions were not used.</td></tr>
 *   <tr><td>{@code lwm2m.creds.sessions.saved}</td><td>gauge</td><td></td>
 *       <td>How many sessions were saved the last time. This and those below are NaN before
 *       it.</td></tr>
 *   <tr><td>{@code lwm2m.creds.sessions.saved.size}</td><td>bytes</td><td></td>
 *       <td>The length of their file.</td></tr>
 *   <tr><td>{@code lwm2m.creds.sessions.saved.time}</td><td>seconds</td><td></td>
 *       <td>How long saving took.</td></tr>
 *   <tr><td>{@code lwm2m.creds.sessions.saved.age}</td><td>seconds</td><td></td>
 *       <td>How long ago that was: what a server that is killed now loses.</td></tr>
 * </table>
 */
public final class ServerMetrics implements MeterBinder, AutoCloseable {
  private static final String OUTCOME = "outcome";
  private static final String SECONDS = "seconds";

  private final boolean hasSessionFile;
  private final Meters<ServerCounts> meters;

  /**
   * Makes the meters of the only server in a registry.
   *
   * @param counts of the server's connector
   */
  public ServerMetrics(ServerCounts counts) {
    this(counts, List.of());
  }

  /**
   * Makes the meters of one server of several.
   *
   * @param counts of the server's connector
   * @param tags that tell the servers of a registry apart; the same keys for all of them
   */
  public ServerMetrics(ServerCounts counts, Iterable<Tag> tags) {
    this.hasSessionFile = counts.hasSessionFile();
    this.meters = new Meters<>(Objects.requireNonNull(counts, "counts"), tags);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Meters<ServerCounts>.Registering in = meters.in(registry);
    bindHandshakes(in);
    for (LookupSource source : LookupSource.values()) {
      in.counter(
          "lwm2m.creds.lookups",
          "Keys that handshakes asked for",
          Tags.of("source", lowerCase(source)),
          counts -> counts.lookups(source));
    }
    bindConnections(in);
    in.counter(
        "lwm2m.creds.cluster.sent",
        "What a node has sent to others of its cluster",
        Tags.empty(),
        ServerCounts::sentInCluster);
    in.counter(
        "lwm2m.creds.cluster.refused",
        "What came to a node's cluster address, and no node of its cluster has sent",
        Tags.empty(),
        ServerCounts::refusedClusterDatagrams);
    if (hasSessionFile) {
      bindSavedSessions(in);
    }
  }

  private static void bindSavedSessions(Meters<ServerCounts>.Registering in) {
    String saves = "lwm2m.creds.sessions.saves";
    String savesText = "How often the sessions were saved, or could not be";
    in.counter(saves, savesText, Tags.of(OUTCOME, "saved"), ServerCounts::sessionSaves);
    in.counter(saves, savesText, Tags.of(OUTCOME, "failed"), ServerCounts::failedSessionSaves);
    String loaded = "lwm2m.creds.sessions.loaded";
    String loadedText = "Saved sessions that go on, or do not";
    in.counter(loaded, loadedText, Tags.of(OUTCOME, "restored"), ServerCounts::sessionsLoaded);
    in.counter(loaded, loadedText, Tags.of(OUTCOME, "dropped"), ServerCounts::sessionsNotLoaded);
    in.counter(
        "lwm2m.creds.sessions.files.refused",
        "Files whose sessions were not used",
        Tags.empty(),
        ServerCounts::refusedSessionFiles);
    String last = "lwm2m.creds.sessions.saved";
    in.gauge(last, "Sessions that were saved the last time", null, ofLast(SavedSessions::sessions));
    in.gauge(last + ".size", "The length of their file", "bytes", ofLast(SavedSessions::bytes));
    in.gauge(last + ".time", "How long saving took", SECONDS, ofLast(save -> seconds(save.took())));
    in.gauge(
        last + ".age",
        "How long ago that was",
        SECONDS,
        ofLast(save -> seconds(Duration.between(save.time(), Instant.now()))));
  }

  private static ToDoubleFunction<ServerCounts> ofLast(ToDoubleFunction<SavedSessions> number) {
    return counts -> counts.lastSessionSave().map(number::applyAsDouble).orElse(Double.NaN);
  }

  private static double seconds(Duration time) {
    return Math.max(0, time.toNanos() / 1e9);
  }

  private static void bindHandshakes(Meters<ServerCounts>.Registering in) {
    handshakes(in, "established", "full", ServerCounts::fullHandshakes);
    handshakes(in, "established", "resumed", ServerCounts::resumedHandshakes);
    handshakes(in, "aborted", "retired", ServerCounts::abortedHandshakes);
    for (HandshakeRefusal.Reason reason : HandshakeRefusal.Reason.values()) {
      handshakes(in, "refused", lowerCase(reason), counts -> counts.refusedHandshakes(reason));
    }
    in.counter(
        "lwm2m.creds.handshakes.undiagnosed",
        "Refused handshakes that were not looked into, since there were too many",
        Tags.empty(),
        ServerCounts::undiagnosedHandshakes);
    slowed(in, "network", ServerCounts::slowedNetworks);
    slowed(in, "identity", ServerCounts::slowedIdentities);
    in.gauge(
        "lwm2m.creds.identities.under.attack",
        "Identities of credentials that were reported to be under attack within the last minute",
        null,
        ServerCounts::identitiesUnderAttack);
  }

  private static void slowed(
      Meters<ServerCounts>.Registering in, String kind, ToDoubleFunction<ServerCounts> value) {
    in.counter(
        "lwm2m.creds.handshakes.slowed",
        "Messages that were dropped since too many handshakes had failed",
        Tags.of("kind", kind),
        value);
  }

  private static void handshakes(
      Meters<ServerCounts>.Registering in,
      String outcome,
      String reason,
      ToDoubleFunction<ServerCounts> value) {
    in.counter(
        "lwm2m.creds.handshakes",
        "DTLS handshakes",
        Tags.of(OUTCOME, outcome, "reason", reason),
        value);
  }

  private static void bindConnections(Meters<ServerCounts>.Registering in) {
    in.gauge(
        "lwm2m.creds.connections",
        "Connections, with a session or in a handshake",
        null,
        ServerCounts::connections);
    in.gauge(
        "lwm2m.creds.handshakes.under.way",
        "Those of the connections that have no session yet",
        null,
        ServerCounts::handshakesUnderWay);
    in.gauge(
        "lwm2m.creds.connections.left",
        "How many more sessions there is room for",
        null,
        ServerCounts::connectionsLeft);
    displaced(in, "handshake", ServerCounts::displacedHandshakes);
    displaced(in, "session", ServerCounts::displacedSessions);
    displaced(in, "replaced", ServerCounts::replacedSessions);
    ended(in, "retired", ServerCounts::sessionsRetired);
    ended(in, "swept", ServerCounts::sessionsSwept);
  }

  private static void displaced(
      Meters<ServerCounts>.Registering in, String kind, ToDoubleFunction<ServerCounts> value) {
    in.counter(
        "lwm2m.creds.connections.displaced",
        "Connections that ended for another: too many, or replaced by a newer session of the same"
            + " device",
        Tags.of("kind", kind),
        value);
  }

  private static void ended(
      Meters<ServerCounts>.Registering in, String cause, ToDoubleFunction<ServerCounts> value) {
    in.counter(
        "lwm2m.creds.sessions.ended",
        "Sessions whose credential is gone or has another key",
        Tags.of("cause", cause),
        value);
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Takes the meters out of all registries again, as when their server is destroyed. */
  @Override
  public void close() {
    meters.removeAll();
  }
}
