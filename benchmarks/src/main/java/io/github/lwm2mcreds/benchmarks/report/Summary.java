package io.github.lwm2mcreds.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What the results come to: for a fleet of a million, and on paper for one of 10⁸. */
final class Summary {
  private static final String OURS = "lwm2m-creds";
  private static final String LESHAN = "Leshan";
  private static final String MILLION = "1000000";
  private static final String LARGEST = "10000000";

  private static final double DEVICES = 1e8;
  private static final double SECONDS = 3600;
  private static final double GIGA = 1e9;

  /** What a server of the estimate has for connections and keys, in bytes of a heap of 30 GB. */
  private static final double HEAP = 18 * GIGA;

  private final JsonNode peers;
  private final JsonNode lookup;
  private final JsonNode memory;
  private final JsonNode open;
  private final JsonNode add;
  private final JsonNode sizes;
  private final JsonNode registration;

  private Summary(Path results) throws IOException {
    peers = read(results, "peers");
    lookup = read(results, "lookup");
    memory = read(results, "memory");
    open = read(results, "open");
    add = read(results, "add");
    sizes = read(results, "sizes");
    registration = read(results, "registration");
  }

  /** The summary, if everything was measured that it takes. */
  static Optional<Summary> of(Path results) throws IOException {
    boolean complete =
        Stream.of("peers", "registration", "lookup", "memory", "open", "add", "sizes")
            .allMatch(name -> Files.exists(results.resolve(name + ".json")));
    return complete ? Optional.of(new Summary(results)) : Optional.empty();
  }

  private static JsonNode read(Path results, String name) throws IOException {
    return ResultFile.read(results.resolve(name + ".json")).get("results");
  }

  /** A table of this library and the others, for a fleet of a million. */
  Stream<String> table() {
    return Stream.of(
        "| a million devices | lwm2m-creds | Leshan | Scandium |",
        "|---|---|---|---|",
        format(
            "| CPU time of the server, a handshake, the collector's included | **%.0f µs**, with a"
                + " mirror | %.0f µs | %.0f µs, with one key |",
            cpu(OURS), cpu(LESHAN), cpu("Scandium")),
        format(
            "| a key looked up | **%.2f µs**; %.2f µs in a mirror, which opens a sealed key"
                + " | %.2f µs | %.2f µs |",
            lookup("IN_MEMORY"), lookup("MIRROR"), lookup("LESHAN"), lookup("SCANDIUM_MULTI")),
        format(
            "| heap a device | **%.0f bytes**; %.0f in a mirror | %.0f bytes | %.0f bytes |",
            memory("IN_MEMORY", MILLION),
            memory("MIRROR", MILLION),
            memory("LESHAN", MILLION),
            memory("SCANDIUM_MULTI", MILLION)),
        format(
            "| the store opened, at a server's start | **%.1f s** | %.1f s | |",
            score(open, "mirror", MILLION) / 1e3, score(open, "leshanFile", MILLION) / 1e3),
        format(
            "| a device added, on disk | **%.2f ms** | %.1f ms with ten thousand devices, and not"
                + " waiting for the disk | |",
            score(add, "sqlite", MILLION) / 1e3, score(add, "leshanFile", "10000") / 1e3),
        format(
            "| devices added a second, a thousand at a time | **%,.0f** | | |",
            1e6 / score(add, "sqliteImport", MILLION)));
  }

  /** What 10⁸ devices that reconnect within an hour would take. */
  Stream<String> estimate() {
    double micros = cpu(OURS);
    double withRegistration = micros(registration, OURS);
    double perSecond = DEVICES / SECONDS;
    double keys = memory("MIRROR", LARGEST);
    double connection = sizes.get("connection").asDouble();
    double perServer = (HEAP - keys * DEVICES) / connection;
    double derivedPerServer = HEAP / connection;
    double file = sizes.get("sqliteFile").asDouble();
    return List.of(
        format(
            "- **Handshakes:** %,.0f a second, of %.0f µs CPU time each with the collector's: %.1f"
                + " processors, all busy; %.1f with a registration each. Twice that leaves room for"
                + " bursts.",
            perSecond, micros, perSecond * micros / 1e6, perSecond * withRegistration / 1e6),
        format(
            "- **Connections:** %.0f bytes of heap each, %.0f GB for all; registrations come on"
                + " top.",
            connection, connection * DEVICES / GIGA),
        format(
            "- **Keys:** %.0f bytes each in a mirror, so %.1f GB in every server that may meet any"
                + " device; where they are derived, only those it remembers having handed out, a"
                + " million by default.",
            keys, keys * DEVICES / GIGA),
        format(
            "- **Servers:** with %.0f GB of a heap of 30 GB for these, one holds %.1f million"
                + " connections beside the mirror of all keys: %.0f servers. With derived keys"
                + " %.0f.",
            HEAP / GIGA,
            perServer / 1e6,
            Math.ceil(DEVICES / perServer),
            Math.ceil(DEVICES / derivedPerServer)),
        format(
            "- **Start:** a mirror of 10⁷ opens in %.0f s with the file in the system's cache; of"
                + " 10⁸ in about %.0f minutes.",
            score(open, "mirror", LARGEST) / 1e3, score(open, "mirror", LARGEST) / 1e3 * 10 / 60),
        format(
            "- **Database:** %.0f bytes a device, %.0f GB. It answers no handshake: a server reads"
                + " it once at its start, and then asks it for changes a few times a second.",
            file, file * DEVICES / GIGA))
        .stream();
  }

  private double cpu(String server) {
    return micros(peers, server);
  }

  private static double micros(JsonNode results, String server) {
    JsonNode median = results.get(server).get("median");
    return median.get("cpuMicros").asDouble() + median.get("gcMicros").asDouble();
  }

  private double memory(String store, String devices) {
    return memory.get(store).get(devices).asDouble();
  }

  /** In microseconds. */
  private double lookup(String store) {
    return score(lookup, store, MILLION) / 1e3;
  }

  private static double score(JsonNode results, String series, String devices) {
    for (JsonNode result : results) {
      if (JmhChart.seriesName(result).equals(series)
          && result.at("/params/devices").asText().equals(devices)) {
        return result.at("/primaryMetric/score").asDouble();
      }
    }
    throw new IllegalStateException("no result of " + series + " for " + devices);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
