// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.OTHER_TOKEN;
import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.leshan.provisioning.RunningProvisioning;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that talk to a provisioning endpoint in place of Leshan's own API. */
class ProvisioningCommandsTest {
  private static final String THIRD_TOKEN = "a90f6be21d7c4853b0e8f92c6d1534e7";

  @TempDir private Path folder;
  private final InMemoryEngine served = new InMemoryEngine();
  private RunningProvisioning server;
  private TestStore store;
  private String first;
  private String second;

  @BeforeEach
  void start() {
    server = RunningProvisioning.start(folder, served);
    store = TestStore.init(folder);
    first = store.partition("first", TOKEN);
    second = store.partition("second", OTHER_TOKEN);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Cli run(String token, String... args) throws Exception {
    return runWithInput("", "@" + server.file(token), args);
  }

  private Cli runWithInput(String input, String token, String... args) throws Exception {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--server", server.uri().toString(), "--ca", server.caFile().toString()));
    all.addAll(List.of("--bearer-token", token));
    Cli run = Cli.runWithInput(input, all.toArray(String[]::new));
    assertThat(run.out() + run.err())
        .doesNotContain(TOKEN, OTHER_TOKEN, server.operator, server.factory);
    return run;
  }

  @Test
  void provision_asOperator_comparesByCheckValue() throws Exception {
    assertThat(run(server.operator, "provision", first).out()).endsWith("new  sent\n");

    Cli again = run(server.operator, "provision", first, second);
    assertThat(again.code()).as(again::err).isZero();
    assertThat(again.out().lines())
        .satisfiesExactly(
            row -> assertThat(row).endsWith("same  left alone"),
            row -> assertThat(row).endsWith("new  sent"));

    String other = store.partition("first", OTHER_TOKEN);
    assertThat(run(server.operator, "provision", other).code()).isEqualTo(2);
    Cli replaced = run(server.operator, "provision", other, "--replace");
    assertThat(replaced.out()).endsWith("replaced\n");
    assertThat(served.audit(0)).extracting(AuditEntry::actor).containsOnly("token ops");
  }

  @Test
  void provision_asFactory_addsWithoutBeingShownWhatIsThere() throws Exception {
    Cli run = run(server.factory, "provision", first, second);
    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out().lines()).allMatch(row -> row.endsWith("not shown by the server  sent"));
    assertThat(served.size()).isEqualTo(2);

    String other = store.partition("first", THIRD_TOKEN);
    Cli replace = run(server.factory, "provision", other, second, "--replace");
    assertThat(replace.code()).isEqualTo(1);
    assertThat(replace.out().lines())
        .satisfiesExactly(
            row -> assertThat(row).endsWith("failed"), row -> assertThat(row).endsWith("sent"));
    assertThat(replace.errLines()).hasSize(1);
    assertThat(replace.err()).contains("'first' already has another credential");
    assertThat(served.audit(0)).extracting(AuditEntry::actor).containsOnly("token line-3");
  }

  @Test
  void provision_tokenFromStandardInput_works_andInClearIsRefused() throws Exception {
    Cli run = runWithInput(server.operator + "\n", "-", "provision", first);
    assertThat(run.code()).as(run::err).isZero();

    Cli clear = runWithInput("", server.operator, "provision", second);
    assertThat(clear.code()).isEqualTo(2);
    assertThat(clear.err())
        .contains("--bearer-token must be @FILE or -: others can see the command line");
    assertThat(served.size()).isEqualTo(1);
  }

  @Test
  void provision_tokenThatIsNotKnown_isToldSo() throws Exception {
    Cli run = run("lwm2mcreds_nonsense", "provision", first);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err())
        .contains("does not let this client in", "the bearer token is not one of this server's");
  }

  @Test
  void provision_tokenAndHeader_areRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("other"), "x");
    Cli run = run(server.operator, "provision", first, "--header", "X:@" + file);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("give either --header or --bearer-token");
  }

  @Test
  void sync_bringsTheEndpointToTheStore_andThenFindsNothingToDo() throws Exception {
    store.add("first", TOKEN);
    store.add("second", OTHER_TOKEN);
    run(server.operator, "provision", store.partition("second", TOKEN));

    Cli sync = sync();
    assertThat(sync.code()).as(sync::err).isZero();
    assertThat(served.findByEndpoint("first")).isPresent();
    String revoked = store.run("revoke", "second").err();
    assertThat(revoked).isEmpty();
    assertThat(sync().code()).isZero();
    assertThat(served.hasCredential("second")).isFalse();

    int changes = (int) served.audit(0).count();
    assertThat(sync().code()).isZero();
    assertThat(served.audit(0)).hasSize(changes);
  }

  private Cli sync() throws Exception {
    return run(server.operator, "sync", "--store", "sqlite:" + store.file());
  }

  @Test
  void sync_asFactory_isToldThatItCannot() throws Exception {
    Cli run = run(server.factory, "sync", "--store", "sqlite:" + store.file());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("lets this client add credentials only", "nothing was changed");
  }

  @Test
  void import_fromTheEndpoint_saysThatItGivesNoKeys() throws Exception {
    run(server.operator, "provision", first);

    String from = "--from=leshan-server";
    Cli run = run(server.operator, "store", "import", from, "--store", "sqlite:" + store.file());

    assertThat(run.out() + run.err()).contains("gives no keys");
    assertThat(store.run("list").out()).isEmpty();
  }
}
