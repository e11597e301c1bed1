// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.rest.EntryComparison;
import io.github.lwm2mcreds.leshan.rest.EntryComparison.Outcome;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import io.github.lwm2mcreds.leshan.rest.SecurityApiException;
import io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason;
import io.github.lwm2mcreds.leshan.rest.SecurityEntry;
import io.github.lwm2mcreds.leshan.rest.ServerSync;
import io.github.lwm2mcreds.leshan.rest.SyncPlan;
import io.github.lwm2mcreds.leshan.rest.SyncStep;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.AuditEntry.Action;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.LoggedEvents;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvisioningServerTest {
  private static final String CLIENTS = "/api/security/clients";

  @TempDir private Path folder;
  private final LoggedEvents logged = new LoggedEvents();
  private final CredentialGenerator generator = CredentialGenerator.counting("dev-%02x", 0);
  private final DeviceCredential first = generator.next();
  private final DeviceCredential second = generator.next();
  private final Faults faults = new Faults();
  private final InMemoryEngine store = new InMemoryEngine();
  private final List<HttpResponse<String>> answers = new ArrayList<>();
  private RunningProvisioning server;

  @BeforeEach
  void start() {
    server = RunningProvisioning.start(folder, new InMemoryEngine(store, faults));
  }

  @AfterEach
  void stop() {
    server.close();
    logged.close();
    for (HttpResponse<String> answer : answers) {
      assertNoKey(answer.body() + answer.headers().map());
    }
    logged.all().forEach(this::assertNoKey);
  }

  private void assertNoKey(String text) {
    assertThat(text.toLowerCase(Locale.ROOT))
        .doesNotContain(hex(first), hex(second))
        .doesNotContain(server.operator.toLowerCase(Locale.ROOT))
        .doesNotContain(server.factory.toLowerCase(Locale.ROOT));
  }

  private static String hex(DeviceCredential credential) {
    return HexFormat.of().formatHex(credential.psk().exposeBytes());
  }

  private static String newer(DeviceCredential credential) {
    return "{\"endpoint\":\""
        + credential.endpoint()
        + "\",\"tls\":{\"mode\":\"psk\",\"details\":{\"identity\":\""
        + credential.pskIdentity()
        + "\",\"key\":\""
        + hex(credential)
        + "\"}}}";
  }

  private static String older(DeviceCredential credential) {
    return "{\"endpoint\":\""
        + credential.endpoint()
        + "\",\"psk\":{\"identity\":\""
        + credential.pskIdentity()
        + "\",\"key\":\""
        + hex(credential)
        + "\"}}";
  }

  private HttpResponse<String> send(String token, String method, String path, String body)
      throws Exception {
    HttpResponse<String> answer = server.send(token, method, path, body);
    answers.add(answer);
    return answer;
  }

  private void assertAnswer(HttpResponse<String> answer, int status, String text) {
    assertThat(answer.body()).isEqualTo(text);
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  private static DeviceCredential with(DeviceCredential identity, DeviceCredential key) {
    return DeviceCredential.of(identity.endpoint(), identity.pskIdentity(), key.psk());
  }

  @Test
  void credential_inEitherDialect_isStored_asLeshanAnswers() throws Exception {
    assertAnswer(send(server.operator, "PUT", CLIENTS, newer(first)), 200, "");
    assertAnswer(send(server.operator, "PUT", CLIENTS, older(second)), 200, "");
    assertAnswer(send(server.operator, "PUT", CLIENTS, older(second)), 200, "");

    assertThat(store.findByEndpoint("dev-00")).contains(first);
    assertThat(store.findByEndpoint("dev-01")).contains(second);
    assertThat(store.audit(0))
        .extracting(AuditEntry::actor, AuditEntry::action, AuditEntry::endpoint)
        .containsExactly(
            tuple("token ops", Action.ADDED, "dev-00"), tuple("token ops", Action.ADDED, "dev-01"));
  }

  /** Its line is {@code curl -X PUT …/api/security/ENDPOINT}, with the older body. */
  @Test
  void credential_onThePathOfTheOldTutorial_isStored_ifThePathNamesIt() throws Exception {
    assertAnswer(send(server.operator, "PUT", "/api/security/dev-00", older(first)), 200, "");
    assertThat(store.findByEndpoint("dev-00")).contains(first);

    assertAnswer(
        send(server.operator, "PUT", "/api/security/other", older(second)),
        400,
        "the path names another endpoint than the body\n");
    assertThat(store.findByEndpoint("dev-01")).isEmpty();
  }

  @Test
  void removed_isGone_andUnknown_isAnsweredAsLeshanDoes() throws Exception {
    store.put(first);
    store.put(DeviceCredential.of("a/b %\\..", second.psk()));

    assertAnswer(send(server.operator, "DELETE", CLIENTS + "/dev-00", ""), 200, "");
    assertAnswer(
        send(server.operator, "DELETE", CLIENTS + "/dev-00", ""),
        200,
        "{\"message\":\"not_found\"}");
    assertAnswer(send(server.operator, "DELETE", CLIENTS + "/a%2Fb%20%25%5C..", ""), 200, "");

    assertThat(store.size()).isZero();
    assertThat(store.findRevocation("dev-00")).isEmpty();
  }

  @Test
  void revoked_isGoneForGood_withItsReasonInTheAuditTrail() throws Exception {
    store.put(first);

    assertAnswer(
        send(server.operator, "DELETE", CLIENTS + "/dev-00?revoke=stolen%20in%20transit", ""),
        200,
        "");

    assertThat(store.findRevocation("dev-00")).isPresent();
    assertThat(store.audit(1))
        .extracting(AuditEntry::actor, AuditEntry::action, AuditEntry::reason)
        .containsExactly(tuple("token ops", Action.REVOKED, "stolen in transit"));
    HttpResponse<String> again = send(server.operator, "PUT", CLIENTS, newer(first));
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains("'dev-00' was revoked on ", "reinstate");
    assertAnswer(
        send(server.operator, "DELETE", CLIENTS + "/dev-01?revoke=" + "x".repeat(1001), ""),
        400,
        "the reason of a revocation has at most 1000 characters\n");
  }

  @Test
  void list_hasMembersOfBothDialects_andCheckValuesForKeys() throws Exception {
    store.put(first);
    store.put(DeviceCredential.of("grün\"", PskIdentity.of("i\n"), second.psk()));

    HttpResponse<String> list = send(server.operator, "GET", CLIENTS, "");

    assertThat(list.statusCode()).isEqualTo(200);
    assertThat(list.headers().firstValue("Content-Type")).contains("application/json");
    JsonNode entries = new ObjectMapper().readTree(list.body());
    assertThat(entries).hasSize(2);
    assertThat(entries.get(0).toString())
        .isEqualTo(
            "{\"endpoint\":\"dev-00\",\"tls\":{\"mode\":\"psk\",\"details\":{\"identity\":\"dev-00\","
                + "\"checkValue\":\"CV\"}},\"psk\":{\"identity\":\"dev-00\",\"checkValue\":\"CV\"}}"
                    .replace("CV", first.psk().checkValue().toString()));
    assertThat(entries.get(1).get("endpoint").asText()).isEqualTo("grün\"");
    assertThat(entries.get(1).at("/psk/identity").asText()).isEqualTo("i\n");
    assertThat(entries.findValues("key")).isEmpty();
  }

  @Test
  void list_ofIdentityThatIsNotText_isStillJson() throws Exception {
    store.put(
        DeviceCredential.of("x", PskIdentity.ofBytes(new byte[] {'a', (byte) 0xff}), first.psk()));

    HttpResponse<String> list = send(server.operator, "GET", CLIENTS, "");

    assertThat(new ObjectMapper().readTree(list.body()).get(0).get("endpoint").asText())
        .isEqualTo("x");
  }

  @Test
  void leshanClient_putsComparesListsAndRemoves_byCheckValue() throws Exception {
    LeshanSecurityApi client = server.client(server.operator);
    client.put(first);

    assertThat(client.compare(List.of(first, second)))
        .extracting(EntryComparison::outcome)
        .containsExactly(Outcome.SAME, Outcome.NEW);
    assertThat(client.compare(List.of(with(first, second))))
        .extracting(EntryComparison::outcome, EntryComparison::checkValue)
        .containsExactly(tuple(Outcome.OTHER_KEY, Optional.of(first.psk().checkValue())));
    SecurityEntry entry = client.list().get(0);
    assertThat(entry.psk()).isEmpty();
    assertThat(entry.credential()).isEmpty();
    assertThat(entry.checkValue()).contains(first.psk().checkValue());
    assertThat(client.remove("dev-00")).isTrue();
    assertThat(client.remove("dev-00")).isFalse();
  }

  @Test
  void leshanClient_identityOfAnother_learnsWhose() {
    store.put(first);
    DeviceCredential thief = DeviceCredential.of("thief", first.pskIdentity(), second.psk());

    assertThatExceptionOfType(SecurityApiException.class)
        .isThrownBy(() -> server.client(server.operator).put(thief))
        .matches(e -> e.reason() == Reason.IDENTITY_IN_USE)
        .matches(e -> e.identityOwner().equals(Optional.of("dev-00")));
  }

  @Test
  void sync_bringsItToAStoresState_byCheckValue() throws Exception {
    InMemoryEngine own = new InMemoryEngine();
    own.put(first);
    own.put(second);
    store.put(first);
    store.put(with(second, first));
    store.put(generator.next());
    ServerSync sync = ServerSync.builder(server.client(server.operator), own).build();

    SyncPlan plan = sync.plan();
    assertThat(plan.steps())
        .extracting(SyncStep::endpoint, SyncStep::cause)
        .containsExactly(
            tuple("dev-00", SyncStep.Cause.SAME),
            tuple("dev-01", SyncStep.Cause.OTHER_KEY),
            tuple("dev-02", SyncStep.Cause.UNKNOWN));
    sync.carryOut(plan, result -> {});

    assertThat(store.findByEndpoint("dev-01")).contains(second);
    assertThat(sync.plan().changes()).isZero();
  }

  @Test
  void sync_duringARotation_knowsTheNextOneByItsCheckValue() throws Exception {
    InMemoryEngine own = new InMemoryEngine();
    own.put(first);
    DeviceCredential next = DeviceCredential.of("dev-00", PskIdentity.of("next"), second.psk());
    own.rotate(next, own.clock().instant().plusSeconds(3600));
    store.put(next);

    assertThat(ServerSync.builder(server.client(server.operator), own).build().plan().steps())
        .extracting(SyncStep::cause)
        .containsExactly(SyncStep.Cause.SAME_AS_NEXT);
  }

  @Test
  void factory_addsAndAddsTheSameAgain_andDoesNothingElse() throws Exception {
    assertAnswer(send(server.factory, "PUT", CLIENTS, newer(first)), 200, "");
    assertAnswer(send(server.factory, "PUT", CLIENTS, newer(first)), 200, "");
    assertThat(store.audit(0)).extracting(AuditEntry::actor).containsExactly("token line-3");

    HttpResponse<String> other = send(server.factory, "PUT", CLIENTS, newer(with(first, second)));
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(other.body()).contains("'dev-00' already has another credential");
    for (String[] call :
        new String[][] {
          {"GET", CLIENTS}, {"DELETE", CLIENTS + "/dev-00"}, {"DELETE", CLIENTS + "/dev-00?revoke"}
        }) {
      assertAnswer(
          send(server.factory, call[0], call[1], ""),
          403,
          "a factory may add credentials, and neither list nor remove any\n");
    }
    assertThat(store.findByEndpoint("dev-00")).contains(first);
    assertThat(logged.of(Event.PROVISIONING_REFUSED))
        .hasSize(4)
        .allMatch(line -> line.contains(" caller=\"token line-3\""))
        .anyMatch(line -> line.contains(" reason=conflict "))
        .anyMatch(line -> line.contains(" reason=not-allowed "));
  }

  @Test
  void leshanClient_ofAFactory_isToldThatItMayAdd() throws Exception {
    store.put(first);
    LeshanSecurityApi client = server.client(server.factory);

    assertThat(client.compare(List.of(first, second)))
        .extracting(EntryComparison::outcome)
        .containsExactly(Outcome.NOT_SHOWN, Outcome.NOT_SHOWN);
    client.put(second);
    assertThatExceptionOfType(SecurityApiException.class)
        .isThrownBy(() -> client.put(with(first, second)))
        .matches(e -> e.reason() == Reason.REJECTED)
        .withMessageContaining("already has another credential");
    assertThatExceptionOfType(SecurityApiException.class)
        .isThrownBy(() -> client.remove("dev-00"))
        .matches(e -> e.reason() == Reason.ADD_ONLY);
    assertThatExceptionOfType(SecurityApiException.class)
        .isThrownBy(client::list)
        .matches(e -> e.reason() == Reason.ADD_ONLY);
  }

  @ParameterizedTest
  @CsvSource({"PUT, ''", "GET, ''", "DELETE, /dev-00", "GET, /../../nothing"})
  void nobody_isLetIn_orToldWhatThereIs(String method, String below) throws Exception {
    store.put(first);
    String body = method.equals("PUT") ? newer(second) : "";

    HttpResponse<String> none = send("", method, CLIENTS + below, body);
    HttpResponse<String> wrong = send(server.operator + "x", method, CLIENTS + below, body);

    assertAnswer(
        none, 401, "who calls has to be known, by a bearer token or a client certificate\n");
    assertAnswer(wrong, 401, "the bearer token is not one of this server's\n");
    assertThat(none.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer realm=\"lwm2m-creds\"");
    assertThat(store.audit(0)).hasSize(1);
    assertThat(logged.of(Event.PROVISIONING_REFUSED))
        .hasSize(2)
        .allMatch(
            line -> line.matches("WARNING provisioning-refused reason=not-authenticated peer=.*"));
  }

  @Test
  void token_takenOutOfTheAccessFile_isOutAtOnce_andOneAddedIsIn() throws Exception {
    assertThat(send(server.operator, "GET", CLIENTS, "").statusCode()).isEqualTo(200);
    AccessList list = AccessList.read(server.access);
    AccessEntry ops = list.entries().get(0);

    list.without(ops).write(server.access);
    assertThat(send(server.operator, "GET", CLIENTS, "").statusCode()).isEqualTo(401);
    list.write(server.access);
    assertThat(send(server.operator, "GET", CLIENTS, "").statusCode()).isEqualTo(200);
  }

  @Test
  void accessFile_thatIsDamagedOrOpenOrGone_letsNobodyIn() throws Exception {
    AccessList list = AccessList.read(server.access);

    Files.writeString(server.access, "operator token " + server.operator + "\n");
    assertThat(send(server.operator, "GET", CLIENTS, "").statusCode()).isEqualTo(503);
    assertThat(logged.of(Event.PROVISIONING_REFUSED))
        .last()
        .asString()
        .contains(" reason=access-file ", "line 1 ");
    list.write(server.access);
    Files.setPosixFilePermissions(server.access, PosixFilePermissions.fromString("rw-r--r--"));
    Files.writeString(server.access, "# another size\n", StandardOpenOption.APPEND);
    assertThat(send(server.operator, "GET", CLIENTS, "").statusCode()).isEqualTo(503);
    Files.delete(server.access);
    assertThat(send(server.operator, "GET", CLIENTS, "").statusCode()).isEqualTo(503);
    list.write(server.access);
    assertThat(send(server.operator, "GET", CLIENTS, "").statusCode()).isEqualTo(200);
  }

  @Test
  void identityOfAnother_isRefusedInLeshansWords() throws Exception {
    store.put(first);
    DeviceCredential thief = DeviceCredential.of("thief", first.pskIdentity(), second.psk());

    assertAnswer(
        send(server.operator, "PUT", CLIENTS, newer(thief)),
        400,
        "PSK Identity dev-00 is already used\n");
    assertAnswer(
        send(server.factory, "PUT", CLIENTS, older(thief)),
        400,
        "PSK Identity dev-00 is already used\n");
  }

  @Test
  void badBodies_areRefusedInLeshansWords_andWeakKeysInOurs() throws Exception {
    assertThat(send(server.operator, "PUT", CLIENTS, "{\"endpoint\":\"x\"}").body())
        .startsWith("Invalid request body");
    assertThat(
            send(server.operator, "PUT", CLIENTS, newer(first).replace("\"}}}", "0\"}}}")).body())
        .startsWith("Invalid request body: key parameter must be a valid hex string");
    HttpResponse<String> weak =
        send(
            server.operator,
            "PUT",
            CLIENTS,
            "{\"endpoint\":\"x\",\"psk\":{\"identity\":\"x\",\"key\":\""
                + "00".repeat(16)
                + "\"}}");
    assertThat(weak.statusCode()).isEqualTo(400);
    assertThat(weak.body()).startsWith("the key of 'x' ");
    assertThat(store.size()).isZero();
  }

  @Test
  void storeOutOfReach_isToldWithoutDetails_andLoggedWithThem() throws Exception {
    faults.failAfter(0);

    HttpResponse<String> put = send(server.operator, "PUT", CLIENTS, newer(first));

    assertThat(put.statusCode()).isEqualTo(503);
    assertThat(put.body()).contains("the server's log tells why").doesNotContain("out of reach");
    assertThat(logged.of(Event.PROVISIONING_REFUSED))
        .singleElement()
        .asString()
        .contains(" reason=store-failed ", " caller=\"token ops\" ", "out of reach");
  }

  /** A list that ends too early must not look like one. */
  @Test
  void list_whenTheStoreFails_isAnError_orCutOff() throws Exception {
    server.close();
    List<DeviceCredential> many =
        Stream.generate(CredentialGenerator.counting("many-%04x", 0)::next).limit(2000).toList();
    InMemoryEngine failing = new FailingList(many);
    server = RunningProvisioning.start(folder, failing);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> send(server.operator, "GET", CLIENTS, ""));
    many.get(0).destroy();
    assertThat(send(server.operator, "GET", CLIENTS, "").statusCode()).isEqualTo(503);
  }

  /** Fails behind its credentials, or at once if the first is destroyed. */
  private static final class FailingList extends InMemoryEngine {
    private final List<DeviceCredential> credentials;

    FailingList(List<DeviceCredential> credentials) {
      this.credentials = credentials;
    }

    @Override
    public Stream<CredentialSummary> stream() {
      Stream<CredentialSummary> summaries =
          credentials.stream()
              .map(
                  each ->
                      new CredentialSummary(
                          each.endpoint(),
                          each.pskIdentity(),
                          Optional.of(each.psk().checkValue())));
      return Stream.concat(
          credentials.get(0).psk().isDestroyed() ? Stream.empty() : summaries,
          Stream.generate(FailingList::fail).limit(1));
    }

    private static CredentialSummary fail() {
      throw new CredentialStoreException(
          CredentialStoreException.Reason.UNAVAILABLE, "out of reach");
    }
  }

  @Test
  void otherPathsAndMethods_areRefused_withWhatThereIs() throws Exception {
    assertThat(send(server.operator, "GET", "/", "").statusCode()).isEqualTo(404);
    assertThat(send(server.operator, "GET", "/api/clients", "").statusCode()).isEqualTo(404);
    HttpResponse<String> post = send(server.operator, "POST", CLIENTS, newer(first));
    assertAnswer(post, 405, "GET, PUT only\n");
    assertThat(post.headers().firstValue("Allow")).contains("GET, PUT");
    assertThat(post.headers().map()).doesNotContainKey("Server");
  }

  @Test
  void start_withAccessFileOrCertificateThatCannotBeUsed_isRefused() throws Exception {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ProvisioningServer.builder(store, server.access)
                    .certificate(
                        RunningProvisioning.CLIENTS.key(),
                        List.of(RunningProvisioning.AUTHORITY.certificate()))
                    .start())
        .withMessageContaining("not that of the private key");
    Path bad = Files.copy(server.access, folder.resolve("bad"));
    Files.setPosixFilePermissions(bad, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ProvisioningServer.builder(store, bad)
                    .certificate(
                        RunningProvisioning.CLIENTS.key(),
                        List.of(RunningProvisioning.CLIENTS.certificate()))
                    .start())
        .withMessageContaining("mode to 600");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProvisioningServer.builder(store, bad).requestsPerSecond(0));
  }

  @Test
  void uri_hasThePortThatWasPicked() {
    assertThat(server.uri().toString()).matches("https://localhost:[1-9][0-9]*");
  }
}
