// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A store in SQLite, and the command line that works on it. */
record TestStore(Path folder) {
  static final String TOKEN = "3f9a1c77e05b42d8a6c4119e8d02b75f";
  static final String OTHER_TOKEN = "5c1d9e24b7308f6a21f0c3d5964e8ba7";

  static TestStore init(Path folder) {
    TestStore store = new TestStore(folder);
    assertThat(store.run("init").code()).isZero();
    return store;
  }

  Path file() {
    return folder.resolve("fleet.db");
  }

  Cli run(String command, String... args) {
    return runWithInput("", command, args);
  }

  Cli runWithInput(String input, String command, String... args) {
    List<String> all = new ArrayList<>(List.of("store", command, "--store", "sqlite:" + file()));
    all.addAll(List.of(args));
    return Cli.runWithInput(input, all.toArray(String[]::new));
  }

  /** Writes a partition of a device to a file. */
  String partition(String endpoint, String token) {
    String file = folder.resolve(endpoint + "-" + token.substring(0, 4) + ".bin").toString();
    Cli run =
        Cli.run("gen-cred-partition", "-did", endpoint, "-dtok", token, "-o", file, "--replace");
    assertThat(run.code()).isZero();
    return file;
  }

  void add(String endpoint, String token) {
    Cli run = run("add", partition(endpoint, token));
    assertThat(run.code()).as(run::err).isZero();
  }

  /** Changes the file as someone without the wrapping key can. */
  void tamper(String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isPositive();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
