// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.leshan.migration.LeshanRedis;
import io.github.lwm2mcreds.leshan.migration.RedisBuilder;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** A Redis server that has Leshan's security infos. */
final class RedisOptions {
  static final String HEADING = "%nRedis of Leshan's RedisSecurityStore:%n";

  private static final int DEFAULT_PORT = 6379;

  @Option(
      names = "--redis",
      paramLabel = "URL",
      description =
          "With --from leshan-redis: rediss://[USER@]HOST[:PORT][/DATABASE], or redis:// without"
              + " TLS on this machine.")
  private String url;

  @Option(
      names = "--redis-password",
      paramLabel = "@FILE|-",
      description = "Its password: the first line of a file or of standard input.")
  private String reference;

  @Option(
      names = "--redis-prefix",
      paramLabel = "TEXT",
      description =
          "What the names of the infos begin with. Default: SECSTORE#SEC#EP# or SEC#EP#, whichever"
              + " is there.")
  private String prefix;

  @Option(
      names = "--allow-plain-redis",
      description = "Accept redis:// on another machine: keys come in clear. Unsafe.")
  private boolean allowPlain;

  private char[] password; // null until it is needed

  boolean isGiven() {
    return url != null || reference != null || prefix != null || allowPlain;
  }

  ImportSource source(Streams streams) throws CommandException {
    URI uri = uri();
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    RedisBuilder builder =
        LeshanRedis.builder(uri.getHost(), port)
            .keyPolicy(KeyPolicy.allowingAnyKey())
            .database(database(uri));
    if (uri.getScheme().equals("redis")) {
      builder = allowPlain ? builder.allowPlain() : builder.plain();
      if (allowPlain) {
        streams.warn(
            "keys may come over the network in clear: anyone who sees the traffic has them");
      }
    }
    if (uri.getUserInfo() != null) {
      builder.user(uri.getUserInfo());
    }
    if (prefix != null) {
      builder.prefix(prefix);
    }
    if (reference != null) {
      password = SecretInput.passphrase("--redis-password", reference, false, streams);
      builder.password(password);
    }
    RedisBuilder ready = builder;
    return OtherImport.ofServer(url, ready::open);
  }

  private URI uri() throws CommandException {
    if (url == null) {
      throw CommandException.refused("--from leshan-redis needs --redis URL");
    }
    try {
      URI uri = new URI(url);
      boolean isRedis = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
      if (isRedis && uri.getHost() != null && !holdsPassword(uri)) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below; the text may hold a password.
    }
    throw CommandException.refused(
        "--redis must be a URL like rediss://redis.example:6379/0, with the password in"
            + " --redis-password");
  }

  private static boolean holdsPassword(URI uri) {
    return uri.getUserInfo() != null && uri.getUserInfo().contains(":");
  }

  private static int database(URI uri) throws CommandException {
    String path = uri.getPath().replaceFirst("^/", "");
    try {
      return path.isEmpty() ? 0 : Integer.parseInt(path);
    } catch (NumberFormatException e) {
      throw CommandException.refused("--redis must end in the number of a database", e);
    }
  }

  /** Wipes the password. */
  void wipe() {
    if (password != null) {
      Arrays.fill(password, '\0');
    }
  }
}
