// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.JdbcStoreBuilder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a store, as {@code --store} names it.
 *
 * @param name the name in messages
 * @param file the file of a store in SQLite
 * @param jdbcUrl the URL of a store in PostgreSQL; may hold a password
 */
record StoreAddress(String name, Optional<Path> file, Optional<String> jdbcUrl) {
  private static final String SQLITE = "sqlite:";
  private static final Pattern POSTGRESQL =
      Pattern.compile("postgres(?:ql)?://(?:([^@/?#]*)@)?([^@/?#]*)/([^/?#]+)(?:\\?([^#]*))?");
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?");
  private static final Pattern LOOPBACK =
      Pattern.compile("(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\])(?::[0-9]+)?");

  /**
   * Parses an address.
   *
   * @param password the database user's; null or empty if there is none
   */
  static StoreAddress parse(String text, String password) throws CommandException {
    if (text.startsWith(SQLITE)) {
      return sqlite(text.substring(SQLITE.length()));
    }
    Matcher parts = POSTGRESQL.matcher(text);
    if (!parts.matches() || !areHosts(parts.group(2))) {
      throw CommandException.refused(
          "--store must be sqlite:FILE or postgresql://[USER@]HOST[:PORT]/DATABASE[?PARAMETERS]");
    }
    return postgresql(parts, password);
  }

  private static StoreAddress sqlite(String path) throws CommandException {
    if (path.isEmpty() || path.startsWith("//") || path.startsWith(":")) {
      throw CommandException.refused("--store: sqlite: must be followed by a file name");
    }
    Path file = InputFile.path(path);
    return new StoreAddress(InputFile.name(file), Optional.of(file), Optional.empty());
  }

  private static StoreAddress postgresql(Matcher parts, String password) throws CommandException {
    String user = parts.group(1);
    String hosts = parts.group(2);
    String database = parts.group(3);
    List<String> parameters = new ArrayList<>();
    if (user != null && !user.isEmpty()) {
      refusePassword(user.contains(":"));
      parameters.add("user=" + user.replace("+", "%2B"));
    }
    String given = parts.group(4) == null ? "" : parts.group(4);
    boolean encryptionIsGiven = false;
    for (String parameter : given.isEmpty() ? new String[0] : given.split("&")) {
      String key = parameter.replaceFirst("=.*", "").toLowerCase(Locale.ROOT);
      refusePassword(key.contains("password") || key.contains("%"));
      encryptionIsGiven |= key.equals("sslmode") || key.equals("ssl");
      parameters.add(parameter);
    }
    if (!encryptionIsGiven && !isLoopback(hosts)) {
      parameters.add("sslmode=verify-full");
    }
    if (password != null && !password.isEmpty()) {
      parameters.add("password=" + URLEncoder.encode(password, StandardCharsets.UTF_8));
    }
    String place = "postgresql://" + hosts + "/" + database;
    String query = parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    return new StoreAddress(
        Printable.escape(place), Optional.empty(), Optional.of("jdbc:" + place + query));
  }

  private static void refusePassword(boolean isOne) throws CommandException {
    if (isOne) {
      throw CommandException.refused(
          "--store: others can see a password there: put it in the environment variable PGPASSWORD"
              + " or in ~/.pgpass");
    }
  }

  /** There may be none, and a comma behind the last. */
  private static boolean areHosts(String hosts) {
    String[] all = hosts.split(",", -1);
    for (int i = 0; i < all.length; i++) {
      boolean isLast = i == all.length - 1;
      if (!HOST.matcher(all[i]).matches() && !(isLast && all[i].isEmpty())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLoopback(String hosts) {
    for (String host : hosts.split(",")) {
      if (!host.isEmpty() && !LOOPBACK.matcher(host).matches()) {
        return false;
      }
    }
    return true;
  }

  JdbcStoreBuilder builder() {
    return file.map(JdbcCredentialStore::sqlite)
        .orElseGet(() -> JdbcCredentialStore.url(jdbcUrl.orElseThrow()));
  }

  /** Leaves out the URL, which may hold a password. */
  @Override
  public String toString() {
    return name;
  }
}
