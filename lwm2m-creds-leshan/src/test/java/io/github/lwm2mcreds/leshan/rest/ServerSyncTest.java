// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.FakeLeshanApi.answering;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.KEY_HEX;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.assertRefused;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.rest.SyncResult.Outcome;
import io.github.lwm2mcreds.leshan.rest.SyncStep.Action;
import io.github.lwm2mcreds.leshan.rest.SyncStep.Cause;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of either kind, brought to a store's state. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class ServerSyncTest {
  private static final String OTHER_KEY_HEX = "5c1d9e24b7308f6a21f0c3d5964e8ba7";

  private final ManualClock clock = new ManualClock();
  private final InMemoryEngine store = new InMemoryEngine(KeyPolicy.strict(), clock);
  private final boolean newer;
  private final FakeLeshanApi server;
  private LeshanSecurityApi client;

  ServerSyncTest(boolean newer) {
    this.newer = newer;
    server = newer ? FakeLeshanApi.newer() : FakeLeshanApi.older();
    client = server.client();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static final class ManualClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private static DeviceCredential other(String endpoint, String identity) {
    return DeviceCredential.of(
        endpoint,
        PskIdentity.of(identity),
        PreSharedKey.ofHex(OTHER_KEY_HEX.getBytes(StandardCharsets.US_ASCII)));
  }

  private ServerSync sync() {
    return ServerSync.builder(client, store).build();
  }

  private static Map<String, String> actions(SyncPlan plan) {
    Map<String, String> actions = new TreeMap<>();
    plan.steps().forEach(step -> actions.put(step.endpoint(), step.action() + " " + step.cause()));
    return actions;
  }

  private Map<String, String> plan() throws SecurityApiException {
    SyncPlan plan = sync().plan();
    assertThat(plan.steps().toString()).doesNotContain(KEY_HEX, OTHER_KEY_HEX);
    return actions(plan);
  }

  /** Carries out what is planned; everything must succeed, and nothing be left to do. */
  private List<String> carryOut() throws SecurityApiException {
    List<SyncResult> results = run(sync());
    assertThat(results).allMatch(result -> result.outcome() == Outcome.DONE);
    assertThat(sync().plan().changes()).isZero();
    return results.stream().map(result -> result.step().endpoint()).toList();
  }

  private static List<SyncResult> run(ServerSync sync) throws SecurityApiException {
    List<SyncResult> results = new ArrayList<>();
    sync.carryOut(sync.plan(), results::add);
    return results;
  }

  private List<String> methods() {
    return server.requests().stream().map(FakeLeshanApi.Request::method).toList();
  }

  @Test
  void emptyServer_getsWhatTheStoreHas_once() throws Exception {
    store.put(credential("a"));
    store.put(other("b", "b.1"));

    assertThat(plan()).isEqualTo(Map.of("a", "ADD NEW", "b", "ADD NEW"));
    assertThat(carryOut()).containsExactlyInAnyOrder("a", "b");

    assertThat(server.stored("a")).isEqualTo("a/" + KEY_HEX);
    assertThat(server.stored("b")).isEqualTo("b.1/" + OTHER_KEY_HEX);
    server.forgetRequests();
    assertThat(run(sync())).isEmpty();
    assertThat(methods()).containsExactly("GET");
    assertThat(plan()).isEqualTo(Map.of("a", "UNCHANGED SAME", "b", "UNCHANGED SAME"));
  }

  @Test
  void plan_changesNothing() throws Exception {
    store.put(credential("a"));
    store.put(credential("gone", "gone.1"));
    client.put(credential("gone", "gone.1"));
    store.revoke("gone", "");
    server.forgetRequests();

    assertThat(plan()).isEqualTo(Map.of("a", "ADD NEW", "gone", "REMOVE REVOKED"));
    assertThat(methods()).containsExactly("GET");
  }

  @Test
  void anotherKeyOrIdentity_isReplaced_withWhatTheStoreHas() throws Exception {
    store.put(credential("a"));
    store.put(credential("b"));
    client.put(other("a", "a"));
    client.put(credential("b", "b.1"));

    SyncPlan plan = sync().plan();

    assertThat(actions(plan))
        .isEqualTo(Map.of("a", "REPLACE OTHER_KEY", "b", "REPLACE OTHER_IDENTITY"));
    assertThat(plan.steps().get(0).checkValue()).contains(other("a", "a").psk().checkValue());
    assertThat(plan.steps().get(0).stored().orElseThrow().checkValue())
        .contains(credential("a").psk().checkValue());
    carryOut();
    assertThat(server.stored("a")).isEqualTo("a/" + KEY_HEX);
    assertThat(server.stored("b")).isEqualTo("b/" + KEY_HEX);
  }

  @Test
  void revokedEndpoint_isRemoved_whateverTheServerHas() throws Exception {
    store.revoke("never-here", "");
    store.put(credential("certificate"));
    store.revoke("certificate", "stolen");
    client.put(other("never-here", "x"));
    server.hold("certificate", "x509");

    assertThat(plan())
        .isEqualTo(Map.of("certificate", "REMOVE REVOKED", "never-here", "REMOVE REVOKED"));
    carryOut();
    assertThat(server.endpoints()).isEmpty();
  }

  @Test
  void whatWasRemovedFromTheStore_isRemoved_ifItIsJustThat() throws Exception {
    for (String endpoint : List.of("mine", "other-key", "other-identity", "other-mode")) {
      store.put(credential(endpoint));
      store.remove(endpoint);
    }
    client.put(credential("mine"));
    client.put(other("other-key", "other-key"));
    client.put(credential("other-identity", "mine.2"));
    server.hold("other-mode", "rpk");

    assertThat(plan())
        .isEqualTo(
            Map.of(
                "mine", "REMOVE REMOVED",
                "other-key", "KEEP UNKNOWN_CREDENTIAL",
                "other-identity", "KEEP UNKNOWN_CREDENTIAL",
                "other-mode", "KEEP UNKNOWN_CREDENTIAL"));
    assertThat(carryOut()).containsExactly("mine");
    assertThat(server.endpoints())
        .containsExactlyInAnyOrder("other-key", "other-identity", "other-mode");
  }

  @Test
  void strangers_stay_andGoOnlyWhenToldSo_butNotInOtherModes() throws Exception {
    client.put(credential("stranger"));
    server.hold("certificate", "x509");

    assertThat(plan()).isEqualTo(Map.of("stranger", "KEEP UNKNOWN", "certificate", "KEEP UNKNOWN"));
    assertThat(carryOut()).isEmpty();

    List<SyncResult> results = run(ServerSync.builder(client, store).deleteUnknown().build());
    assertThat(results).extracting(result -> result.step().endpoint()).containsExactly("stranger");
    assertThat(server.endpoints()).containsExactly("certificate");
  }

  @Test
  void otherMode_ofAnEndpointThatTheStoreHas_isLeft_andAFinding() throws Exception {
    store.put(credential("a"));
    server.hold("a", "rpk");

    SyncStep step = sync().plan().steps().get(0);

    assertThat(step.action()).isEqualTo(Action.IMPOSSIBLE);
    assertThat(step.cause()).isEqualTo(Cause.OTHER_MODE);
    assertThat(step.mode()).contains(SecurityEntry.Mode.RPK);
    assertThat(step.action().isFinding()).isTrue();
    assertThat(carryOut()).isEmpty();
  }

  @Test
  void identityOfAStranger_isAConflict_andSoIsWhatWaitsForIt() throws Exception {
    store.put(credential("a", "i"));
    store.put(credential("b", "j"));
    store.put(credential("c"));
    client.put(other("stranger", "i"));
    client.put(other("a", "j")); // would give j up

    SyncPlan plan = sync().plan();

    assertThat(actions(plan))
        .isEqualTo(
            Map.of(
                "a", "CONFLICT IDENTITY_IN_USE",
                "b", "CONFLICT IDENTITY_IN_USE",
                "c", "ADD NEW",
                "stranger", "KEEP UNKNOWN"));
    assertThat(plan.steps().get(0).identityOwner()).contains("stranger");
    assertThat(plan.steps().get(1).identityOwner()).contains("a");
    assertThat(carryOut()).containsExactly("c");

    run(ServerSync.builder(client, store).deleteUnknown().build());
    assertThat(server.stored("a")).isEqualTo("i/" + KEY_HEX);
    assertThat(server.stored("b")).isEqualTo("j/" + KEY_HEX);
  }

  /** Each PUT before its time would be refused. */
  @Test
  void movedIdentities_areGivenUpFirst_alongAChainAndAroundACycle() throws Exception {
    store.put(credential("chain-1", "i2"));
    store.put(credential("chain-2", "i3"));
    store.put(credential("chain-3", "i4"));
    client.put(credential("chain-1", "i1"));
    client.put(credential("chain-2", "i2"));
    client.put(credential("chain-3", "i3"));
    client.put(credential("cycle-1", "k2"));
    client.put(credential("cycle-2", "k3"));
    client.put(credential("cycle-3", "k1"));
    store.put(credential("cycle-1", "k1"));
    store.put(credential("cycle-2", "k2"));
    store.put(credential("cycle-3", "k3"));
    store.put(credential("heir", "retired"));
    client.put(credential("old", "retired"));
    store.revoke("old", "");

    assertThat(carryOut()).hasSize(8).containsSubsequence("old", "heir");

    for (int i = 1; i <= 3; i++) {
      assertThat(server.stored("chain-" + i)).isEqualTo("i" + (i + 1) + "/" + KEY_HEX);
      assertThat(server.stored("cycle-" + i)).isEqualTo("k" + i + "/" + KEY_HEX);
    }
    assertThat(server.stored("heir")).startsWith("retired/");
    assertThat(server.stored("old")).isNull();
  }

  @Test
  void rotation_leavesEitherKey_andSendsTheNextOneWhenItHasEnded() throws Exception {
    for (String endpoint : List.of("absent", "current", "next", "stale")) {
      store.put(credential(endpoint));
      store.rotate(other(endpoint, endpoint + ".2"), clock.now.plus(Duration.ofDays(1)));
    }
    client.put(credential("current"));
    client.put(other("next", "next.2"));
    client.put(other("stale", "stale"));

    assertThat(plan())
        .isEqualTo(
            Map.of(
                "absent", "ADD NEW",
                "current", "UNCHANGED SAME",
                "next", "UNCHANGED SAME_AS_NEXT",
                "stale", "REPLACE OTHER_KEY"));
    carryOut();
    assertThat(server.stored("absent")).isEqualTo("absent/" + KEY_HEX);
    assertThat(server.stored("stale")).isEqualTo("stale/" + KEY_HEX);

    store.confirm(PskIdentity.of("current.2"));
    assertThat(plan()).containsEntry("current", "REPLACE OTHER_IDENTITY");
    clock.now = clock.now.plus(Duration.ofDays(2)); // and nobody has ended the others in the store
    assertThat(plan())
        .isEqualTo(
            Map.of(
                "absent", "REPLACE OTHER_IDENTITY",
                "current", "REPLACE OTHER_IDENTITY",
                "next", "UNCHANGED SAME",
                "stale", "REPLACE OTHER_IDENTITY"));
    carryOut();
    assertThat(server.stored("absent")).isEqualTo("absent.2/" + OTHER_KEY_HEX);
  }

  @Test
  void namesThatCannotBeRemovedAgain_areNotSent_unlessAllowed() throws Exception {
    store.put(credential("a%b"));
    store.put(credential("a//b"));
    store.put(credential("text", "\udc80"));

    assertThat(plan())
        .isEqualTo(
            Map.of(
                "a%b", "IMPOSSIBLE UNREMOVABLE",
                "a//b", "IMPOSSIBLE UNREMOVABLE",
                "text", "IMPOSSIBLE UNSENDABLE"));
    assertThat(carryOut()).isEmpty();

    client = server.clientOfAnyEndpoint();
    assertThat(carryOut()).containsExactlyInAnyOrder("a%b", "a//b");
  }

  /** A revocation is to hold on the server, too. */
  @Test
  void revokedNames_thatTheServerCannotRemove_getARandomKey_andDoNotKeepOthers() throws Exception {
    LeshanSecurityApi any = server.clientOfAnyEndpoint();
    for (String endpoint : List.of("50%", "a//b", "plain")) {
      any.put(credential(endpoint));
      store.revoke(endpoint, "");
    }

    assertThat(plan())
        .isEqualTo(
            Map.of("50%", "REMOVE REVOKED", "a//b", "LOCK REVOKED", "plain", "REMOVE REVOKED"));
    Map<String, SyncResult> results = new TreeMap<>();
    run(sync()).forEach(result -> results.put(result.step().endpoint(), result));

    assertThat(server.endpoints()).doesNotContain("plain");
    assertThat(results.get("a//b").outcome()).isEqualTo(Outcome.DONE);
    assertThat(results.get("a//b").step().action().isFinding()).isTrue();
    assertThat(server.stored("a//b")).matches("a//b/[0-9a-fA-F]{32}").doesNotContain(KEY_HEX);
    if (newer) {
      assertThat(results.get("50%").outcome()).isEqualTo(Outcome.FAILED);
      assertThat(results.get("50%").problem().orElseThrow()).contains("own store", "random");
      assertThat(server.stored("50%")).matches("50%/[0-9a-fA-F]{32}").doesNotContain(KEY_HEX);
    } else {
      assertThat(results.get("50%").outcome()).isEqualTo(Outcome.DONE);
      assertThat(server.endpoints()).doesNotContain("50%");
    }
  }

  @Test
  void identityOfARevokedName_thatCannotBeRemoved_isAConflict() throws Exception {
    server.clientOfAnyEndpoint().put(credential("a//b", "i"));
    store.revoke("a//b", "");
    store.put(credential("heir", "i"));

    assertThat(plan())
        .isEqualTo(Map.of("a//b", "LOCK REVOKED", "heir", "CONFLICT IDENTITY_IN_USE"));
  }

  @Test
  void removedNames_thatTheServerCannotRemove_areFindings() throws Exception {
    server.clientOfAnyEndpoint().put(credential("a//b"));
    store.put(credential("a//b"));
    store.remove("a//b");

    assertThat(plan()).isEqualTo(Map.of("a//b", "IMPOSSIBLE UNREMOVABLE"));
    assertThat(carryOut()).isEmpty();
  }

  @Test
  void endpointThatTheServerRefuses_failsAlone() throws Exception {
    for (int i = 0; i < 100; i++) {
      store.put(credential("d" + i));
    }
    SyncPlan plan = sync().plan();
    server.overridePut(400, "no, not now");

    List<SyncResult> results = new ArrayList<>();
    sync().carryOut(plan, results::add);

    assertThat(results).hasSize(100).allMatch(result -> result.outcome() == Outcome.FAILED);
    assertThat(results.get(0).problem().orElseThrow()).contains("not now");
  }

  @Test
  void serverThatFailsAgainAndAgain_isLeftAlone() throws Exception {
    for (int i = 0; i < 100; i++) {
      store.put(credential("d" + i));
    }
    SyncPlan plan = sync().plan();
    server.overridePut(503, "overloaded");
    server.forgetRequests();

    List<SyncResult> results = new ArrayList<>();
    assertRefused(
        SecurityApiException.Reason.SERVER_ERROR, () -> sync().carryOut(plan, results::add));

    assertThat(results).hasSizeLessThan(50);
    assertThat(server.requests()).hasSizeLessThan(50);
    server.override(answering(200, "<html>Log in</html>"));
    assertRefused(SecurityApiException.Reason.NOT_LESHAN, () -> sync().plan());
  }

  @Test
  void whatTheStoreChangesAfterThePlan_isRespected() throws Exception {
    store.put(credential("revoked-meanwhile"));
    store.put(credential("back"));
    store.remove("back");
    client.put(credential("back"));
    store.put(credential("changed"));
    SyncPlan plan = sync().plan();
    store.revoke("revoked-meanwhile", "");
    store.put(credential("back"));
    store.put(other("changed", "changed"));

    List<SyncResult> results = new ArrayList<>();
    sync().carryOut(plan, results::add);

    assertThat(results)
        .extracting(result -> result.step().endpoint() + " " + result.outcome())
        .containsExactlyInAnyOrder("revoked-meanwhile OVERTAKEN", "back OVERTAKEN", "changed DONE");
    assertThat(server.endpoints()).containsExactlyInAnyOrder("back", "changed");
    assertThat(server.stored("changed")).isEqualTo("changed/" + OTHER_KEY_HEX);
  }

  /** The server has it for a moment, and not when the run has ended. */
  @Test
  void revocationWhileACredentialIsSent_takesItOffAgain() throws Exception {
    store.put(credential("a"));
    SyncPlan plan = sync().plan();
    server.beforePut(() -> store.revoke("a", "just now"));

    List<SyncResult> results = new ArrayList<>();
    sync().carryOut(plan, results::add);

    assertThat(results).extracting(SyncResult::outcome).containsExactly(Outcome.OVERTAKEN);
    assertThat(server.endpoints()).isEmpty();
    assertThat(methods()).contains("PUT", "DELETE");
  }

  @Test
  void interruptedThread_endsTheRun() throws Exception {
    store.put(credential("a"));
    SyncPlan plan = sync().plan();
    Thread.currentThread().interrupt();

    assertRefused(
        SecurityApiException.Reason.INTERRUPTED, () -> sync().carryOut(plan, result -> {}));

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void entriesOfTheServer_areWiped() {
    StoreContent content = StoreContent.read(store, new KeyTags());
    SyncPlanning planning = new SyncPlanning(content, new KeyTags(), (name, identity) -> {}, false);
    SecurityEntry entry =
        new SecurityEntry(
            "a", SecurityEntry.Mode.PSK, PskIdentity.of("a"), TestCredentials.key(), null);

    planning.with(entry);

    assertThat(entry.isDestroyed()).isTrue();
  }

  @Test
  void tags_tellIdentityAndKeyApart() {
    KeyTags tags = new KeyTags();
    PreSharedKey key = TestCredentials.key();

    assertThat(tags.of(PskIdentity.of("a"), key)).isEqualTo(tags.of(PskIdentity.of("a"), key));
    assertThat(tags.of(PskIdentity.of("b"), key)).isNotEqualTo(tags.of(PskIdentity.of("a"), key));
    assertThat(tags.of(PskIdentity.of("a"), other("a", "a").psk()))
        .isNotEqualTo(tags.of(PskIdentity.of("a"), key));
    assertThat(new KeyTags().of(PskIdentity.of("a"), key))
        .isNotEqualTo(tags.of(PskIdentity.of("a"), key));
  }

  @Test
  void parallel_isBounded() {
    ServerSync.Builder builder = ServerSync.builder(client, store);

    assertThatIllegalArgumentException().isThrownBy(() -> builder.parallel(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.parallel(65));
    assertThat(builder.parallel(64)).isSameAs(builder);
  }

  @Test
  void manyDevices_goInParallel_eachOnce() throws Exception {
    for (int i = 0; i < 500; i++) {
      store.put(credential("d" + i));
    }
    SyncPlan plan = sync().plan();
    List<String> told = new ArrayList<>(); // one thread at a time

    ServerSync.builder(client, store)
        .parallel(16)
        .build()
        .carryOut(plan, result -> told.add(result.step().endpoint()));

    assertThat(told).hasSize(500).doesNotHaveDuplicates();
    assertThat(server.endpoints()).hasSize(500);
    assertThat(sync().plan().count(Action.UNCHANGED)).isEqualTo(500);
  }
}
