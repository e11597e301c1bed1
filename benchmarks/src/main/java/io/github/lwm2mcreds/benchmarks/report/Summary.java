// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A summary of the results for a fleet of a million, and an estimate for one of 10⁸. */
final class Summary {
  private static final String OURS = "lwm2m-creds";
  private static final String LESHAN = "Leshan";
  private static final String MILLION = "1000000";
  private static final String LARGEST = "10000000";

  private static final double DEVICES = 1e8;
  private static final double SECONDS = 3600;
  private static final double GIGA = 1e9;

  /** The bytes that a server of the estimate has for connections and keys, in a heap of 30 GB. */
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

  /** Returns the summary if everything that it needs was measured. */
  static Optional<Summary> of(Path results) throws IOException {
    boolean complete =
        Stream.of("peers", "registration", "lookup", "memory", "open", "add", "sizes")
            .allMatch(name -> Files.exists(results.resolve(name + ".json")));
    return complete ? Optional.of(new Summary(results)) : Optional.empty();
  }

  private static JsonNode read(Path results, String name) throws IOException {
    return ResultFile.read(results.resolve(name + ".json")).get("results");
  }

  /** Returns a table of this library and the others, for a fleet of a million. */
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

  /** Returns what 10⁸ devices that reconnect within an hour would take. */
  Stream<String> estimate() {
    double micros = cpu(OURS);
    double withRegistration = micros(registration, OURS);
    double perSecond = DEVICES / SECONDS;
    double keys = memory("MIRROR", LARGEST);
    double connection = sizes.get("connection").asDouble();
    double perServer = (HEAP - keys * DEVICES) / connection;
    double derivedPerServer = HEAP / connection;
    double file = sizes.get("sqliteFile").asDouble();
    return Stream.of(
        format(
            "- **Handshakes:** %,.0f a second, each with %.0f µs of CPU time, the collector's"
                + " included: %.1f processors, all busy, or %.1f if each device also registers."
                + " Twice as many leave room for bursts.",
            perSecond, micros, perSecond * micros / 1e6, perSecond * withRegistration / 1e6),
        format(
            "- **Connections:** %.0f bytes of heap each, %.0f GB for all; registrations need more.",
            connection, connection * DEVICES / GIGA),
        format(
            "- **Keys:** %.0f bytes each in a mirror, so %.1f GB in every server that any device"
                + " may reach. With derived keys, a server holds only those that it remembers"
                + " having handed out, a million by default.",
            keys, keys * DEVICES / GIGA),
        format(
            "- **Servers:** with %.0f GB of a 30 GB heap for these, one server holds %.1f million"
                + " connections beside the mirror of all keys. That takes %.0f servers, or %.0f"
                + " with derived keys.",
            HEAP / GIGA,
            perServer / 1e6,
            Math.ceil(DEVICES / perServer),
            Math.ceil(DEVICES / derivedPerServer)),
        format(
            "- **Start:** a mirror of 10⁷ keys opens in %.0f s if the file is in the system's"
                + " cache, one of 10⁸ in about %.0f minutes.",
            score(open, "mirror", LARGEST) / 1e3, score(open, "mirror", LARGEST) / 1e3 * 10 / 60),
        format(
            "- **Database:** %.0f bytes a device, %.0f GB in all. It answers no handshakes: a"
                + " server reads it once when it starts, and then asks it for changes a few times a"
                + " second.",
            file, file * DEVICES / GIGA));
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

  /** Returns the time of a lookup in microseconds. */
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
