// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.leshan.migration.NotTaken.Reason;
import io.github.lwm2mcreds.leshan.migration.RedisConnection.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What Leshan's {@code RedisSecurityStore}, of {@code leshan-server-redis} 1.x and 2.x, keeps in
 * Redis. Redis is only read, by {@code SCAN} and {@code GET}, and may go on serving meanwhile; what
 * is changed meanwhile may be found as it was or as it is.
 */
public final class LeshanRedis implements CredentialSource {
  /** Begins the keys that hold security infos, those of a builder in 2.x, and all others. */
  static final List<String> PREFIXES = List.of("SECSTORE#SEC#EP#", "SEC#EP#");

  private static final byte[] BATCH = RedisConnection.ascii("1000");
  private static final String START = "0";

  private final RedisConnection redis;
  private final String prefix;
  private final RedisInfo infos;
  private final Deque<byte[]> keys = new ArrayDeque<>();
  private final Set<String> seen = new HashSet<>(); // SCAN may return a key twice
  private String cursor = START;
  private boolean isScanned;

  /** Makes a source of a connection, which it owns. */
  LeshanRedis(RedisConnection redis, Optional<String> prefix, KeyPolicy policy) throws IOException {
    this.redis = redis;
    this.infos = new RedisInfo(policy);
    this.prefix = prefix.isPresent() ? prefix.get() : found();
  }

  /**
   * Returns a builder.
   *
   * @param host the name or address of the Redis server
   * @param port its port, such as 6379
   * @return a builder, for a connection over TLS without a password
   */
  public static RedisBuilder builder(String host, int port) {
    return new RedisBuilder(host, port);
  }

  /** Returns the prefix that is in use, which must be one. */
  private String found() throws IOException {
    List<String> used = new ArrayList<>();
    for (String candidate : PREFIXES) {
      if (isUsed(candidate)) {
        used.add(candidate);
      }
    }
    if (used.size() > 1) {
      throw new SourceException(
          SourceException.Reason.AMBIGUOUS,
          "Redis has the security infos of two stores, with keys that begin with "
              + String.join(" and with ", used)
              + ": choose one of these prefixes");
    }
    return used.isEmpty() ? PREFIXES.get(0) : used.get(0);
  }

  private boolean isUsed(String candidate) throws IOException {
    String next = START;
    do {
      Page page = scan(next, candidate);
      if (!page.keys().isEmpty()) {
        return true;
      }
      next = page.next();
    } while (!next.equals(START));
    return false;
  }

  /** Some keys, and where the next ones are. */
  private record Page(String next, List<?> keys) {}

  private Page scan(String from, String keyPrefix) throws IOException {
    Object answer =
        send(
            RedisConnection.ascii("SCAN"),
            RedisConnection.ascii(from),
            RedisConnection.ascii("MATCH"),
            (literally(keyPrefix) + "*").getBytes(StandardCharsets.UTF_8),
            RedisConnection.ascii("COUNT"),
            BATCH);
    if (answer instanceof List<?> parts
        && parts.size() == 2
        && parts.get(0) instanceof byte[] next
        && parts.get(1) instanceof List<?> found
        && found.stream().allMatch(byte[].class::isInstance)) {
      return new Page(new String(next, StandardCharsets.US_ASCII), found);
    }
    throw new SourceException(
        SourceException.Reason.OTHER_FORMAT, "the server does not answer as Redis does");
  }

  /** Escapes what has a meaning in a pattern of Redis. */
  private static String literally(String text) {
    return text.replaceAll("([\\\\*?\\[\\]^-])", "\\\\$1");
  }

  private Object send(byte[]... words) throws IOException {
    try {
      return redis.send(words);
    } catch (RefusedException e) {
      throw new SourceException(
          SourceException.Reason.UNAVAILABLE, "Redis refused: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<SourceEntry> next() throws IOException {
    while (true) {
      byte[] key = keys.poll();
      if (key != null) {
        return Optional.of(entry(key));
      }
      if (isScanned) {
        return Optional.empty();
      }
      Page page = scan(cursor, prefix);
      cursor = page.next();
      isScanned = cursor.equals(START);
      for (Object found : page.keys()) {
        byte[] next = (byte[]) found;
        if (seen.add(new String(next, StandardCharsets.ISO_8859_1))) {
          keys.add(next);
        }
      }
    }
  }

  private SourceEntry entry(byte[] key) throws IOException {
    String name = new String(key, StandardCharsets.UTF_8);
    long number = seen.size() - keys.size(); // those that were found, less those that wait
    String endpoint = name.substring(Math.min(prefix.length(), name.length()));
    try {
      Object value = redis.send(RedisConnection.ascii("GET"), key);
      if (!(value instanceof byte[] json)) {
        return EntryMaker.notTaken(
            number, endpoint, Reason.NO_KEY, "it was removed while Redis was read");
      }
      try {
        return infos.read(number, endpoint, json);
      } finally {
        Arrays.fill(json, (byte) 0);
      }
    } catch (RefusedException e) { // such as a list with that name
      return EntryMaker.notTaken(
          number, endpoint, Reason.MALFORMED, "Redis refused: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    redis.close();
  }
}
