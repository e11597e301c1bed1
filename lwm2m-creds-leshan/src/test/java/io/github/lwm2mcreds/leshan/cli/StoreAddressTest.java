// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreAddressTest {
  @Test
  void sqlite_isAFile() throws Exception {
    StoreAddress address = StoreAddress.parse("sqlite:a b/fleet.db", "ignored");

    assertThat(address.file()).contains(Path.of("a b/fleet.db"));
    assertThat(address.jdbcUrl()).isEmpty();
    assertThat(address).hasToString("a b/fleet.db");
    assertThat(StoreAddress.parse("sqlite:/x", null).file()).contains(Path.of("/x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "postgresql://localhost/db jdbc:postgresql://localhost/db",
        "postgres://127.0.0.1:5433/db jdbc:postgresql://127.0.0.1:5433/db",
        "postgresql:///db jdbc:postgresql:///db",
        "postgresql://[::1]:5432/db jdbc:postgresql://[::1]:5432/db",
        "postgresql://me@localhost/db jdbc:postgresql://localhost/db?user=me",
        "postgresql://a+b%40c@localhost/db jdbc:postgresql://localhost/db?user=a%2Bb%40c",
        "postgresql://h/db jdbc:postgresql://h/db?sslmode=verify-full",
        "postgresql://127.0.0.1.h/db jdbc:postgresql://127.0.0.1.h/db?sslmode=verify-full",
        "postgresql://localhost:1,h:2/db jdbc:postgresql://localhost:1,h:2/db?sslmode=verify-full",
        "postgresql://h/db?x=1 jdbc:postgresql://h/db?x=1&sslmode=verify-full",
        "postgresql://h/db?sslmode=require jdbc:postgresql://h/db?sslmode=require",
      })
  void postgresql_becomesAJdbcUrl_withTheServerVerifiedUnlessItIsThisMachine(
      String store, String url) throws Exception {
    assertThat(StoreAddress.parse(store, null).jdbcUrl()).contains(url);
  }

  @Test
  void password_isTakenFromTheEnvironment_andShownNowhere() throws Exception {
    StoreAddress address = StoreAddress.parse("postgresql://me@localhost/db", "a&b c%");

    assertThat(address.jdbcUrl())
        .contains("jdbc:postgresql://localhost/db?user=me&password=a%26b+c%25");
    assertThat(address).hasToString("postgresql://localhost/db");
    assertThat(StoreAddress.parse("postgresql://localhost/db", "").jdbcUrl())
        .contains("jdbc:postgresql://localhost/db");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://me:hunter2@localhost/db",
        "postgresql://localhost/db?password=hunter2",
        "postgresql://localhost/db?user=me&PASSWORD=hunter2",
        "postgresql://localhost/db?p%61ssword=hunter2",
        "postgresql://localhost/db?sslpassword=hunter2",
      })
  void password_inTheUrl_isRefused_andNotRepeated(String store) {
    CommandException e = refusal(store);

    assertThat(e.exitCode()).isEqualTo(2);
    assertThat(e).hasMessageContaining("PGPASSWORD").hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fleet.db",
        "sqlite:",
        "sqlite://fleet.db",
        "sqlite::memory:",
        "jdbc:sqlite:fleet.db",
        "mysql://localhost/db",
        "postgresql:db",
        "postgresql://localhost",
        "postgresql://localhost/",
        "postgresql://localhost:port/db",
        "postgresql://local host/db",
        "postgresql://a@b@c/db",
      })
  void anythingElse_isRefused(String store) {
    assertThat(refusal(store).exitCode()).isEqualTo(2);
  }

  private static CommandException refusal(String store) {
    return catchThrowableOfType(CommandException.class, () -> StoreAddress.parse(store, null));
  }

  @Test
  void name_ofHostileText_isEscaped() throws Exception {
    assertThat(StoreAddress.parse("postgresql://localhost/a\u202e\u001b", null))
        .hasToString("postgresql://localhost/a\\u202e\\u001b");
  }

  /** More calls deep than a stack has room for. */
  @Test
  void hosts_veryMany_areTaken() throws Exception {
    String hosts = "h,".repeat(100_000);

    assertThat(StoreAddress.parse("postgresql://" + hosts + "[::1]:5432/db", null).jdbcUrl())
        .hasValueSatisfying(url -> assertThat(url).contains(hosts));
  }

  @ParameterizedTest
  @ValueSource(strings = {",", "h,,", ",h", "h:1:2", "h:123456", "[g]", "h h", "h,\u0000"})
  void hosts_thatAreNone_areRefused(String hosts) {
    assertThat(refusal("postgresql://" + hosts + "/db")).hasMessageContaining("--store must be");
  }
}
