// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.FakeLeshanApi.answering;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.NOT_LESHAN;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNSENDABLE;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.KEY_HEX;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.assertRefused;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.credential;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.rest.EntryComparison.Outcome;
import io.github.lwm2mcreds.leshan.rest.SecurityEntry.Mode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server of either kind holds, beside what would be sent to it. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class CompareTest {
  private static final String OTHER_KEY_HEX = "5c1d9e24b7308f6a21f0c3d5964e8ba7";

  private final FakeLeshanApi server;
  private final LeshanSecurityApi client;

  CompareTest(boolean newer) {
    server = newer ? FakeLeshanApi.newer() : FakeLeshanApi.older();
    client = server.client();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static DeviceCredential otherKey(String endpoint, String identity) {
    return DeviceCredential.of(
        endpoint,
        PskIdentity.of(identity),
        PreSharedKey.ofHex(OTHER_KEY_HEX.getBytes(StandardCharsets.US_ASCII)));
  }

  private EntryComparison compare(DeviceCredential credential) throws SecurityApiException {
    List<EntryComparison> comparisons = client.compare(List.of(credential));
    assertThat(comparisons).hasSize(1);
    assertThat(comparisons.get(0).toString()).doesNotContain(KEY_HEX, OTHER_KEY_HEX);
    return comparisons.get(0);
  }

  @Test
  void compare_endpointThatIsNotThere_isNew() throws Exception {
    client.put(credential("other"));

    assertThat(compare(credential("a")))
        .isEqualTo(
            new EntryComparison(
                "a",
                Outcome.NEW,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void compare_whatWasPut_isTheSame() throws Exception {
    client.put(credential("a", "é😀"));

    EntryComparison same = compare(credential("a", "é😀"));

    assertThat(same.outcome()).isEqualTo(Outcome.SAME);
    assertThat(same.outcome().replaces()).isFalse();
  }

  @Test
  void compare_anotherKey_isToldWithItsCheckValue() throws Exception {
    client.put(otherKey("a", "a"));

    EntryComparison other = compare(credential("a"));

    assertThat(other.outcome()).isEqualTo(Outcome.OTHER_KEY);
    assertThat(other.outcome().replaces()).isTrue();
    assertThat(other.mode()).contains(Mode.PSK);
    assertThat(other.checkValue()).contains(otherKey("a", "a").psk().checkValue());
  }

  @Test
  void compare_anotherIdentity_isTold_withTheSameKeyOrAnother() throws Exception {
    client.put(credential("a", "a.2"));
    client.put(otherKey("b", "b.2"));

    List<EntryComparison> others = client.compare(List.of(credential("b"), credential("a")));

    assertThat(others).extracting(EntryComparison::endpoint).containsExactly("b", "a");
    assertThat(others).allMatch(other -> other.outcome() == Outcome.OTHER_IDENTITY);
    assertThat(others)
        .extracting(other -> other.pskIdentity().orElseThrow().asString())
        .containsExactly("b.2", "a.2");
    assertThat(others.get(1).checkValue()).contains(key().checkValue());
  }

  @Test
  void compare_anotherMode_isToldByItsName() throws Exception {
    server.hold("a", "rpk");
    server.hold("b", "x509");

    List<EntryComparison> others = client.compare(List.of(credential("a"), credential("b")));

    assertThat(others).allMatch(other -> other.outcome() == Outcome.OTHER_MODE);
    assertThat(others)
        .extracting(other -> other.mode().orElseThrow())
        .containsExactly(Mode.RPK, Mode.X509);
    assertThat(others).allMatch(other -> other.checkValue().isEmpty());
  }

  @Test
  void compare_identityOfAnotherEndpoint_isFound() throws Exception {
    client.put(otherKey("somebody", "a"));
    client.put(otherKey("a", "a.1"));

    EntryComparison taken = compare(credential("a"));

    assertThat(taken.outcome()).isEqualTo(Outcome.IDENTITY_IN_USE);
    assertThat(taken.identityOwner()).contains("somebody");
    assertThat(taken.pskIdentity()).contains(PskIdentity.of("a.1"));
  }

  @Test
  void compare_serversKeyOrIdentityOutsideTheLimits_isDifferent() throws Exception {
    server.override(
        answering(
            200,
            "[{\"endpoint\":\"a\",\"psk\":{\"identity\":\"a\",\"key\":\"\"}},"
                + "{\"endpoint\":\"b\",\"psk\":{\"identity\":\"\",\"key\":\"00\"}}]"));

    assertThat(client.compare(List.of(credential("a"), credential("b"))))
        .extracting(EntryComparison::outcome)
        .containsExactly(Outcome.OTHER_KEY, Outcome.OTHER_IDENTITY);
  }

  @Test
  void compare_changesNothing_andLeavesTheCallersKeys() throws Exception {
    DeviceCredential mine = credential("a");
    client.put(otherKey("a", "a"));

    compare(mine);

    assertThat(mine.isDestroyed()).isFalse();
    assertThat(server.stored("a")).isEqualTo("a/" + OTHER_KEY_HEX);
    assertThat(server.requests().get(server.requests().size() - 1).method()).isEqualTo("GET");
  }

  @Test
  void compare_answerThatIsNoList_isRefused() {
    server.override(answering(200, "[{\"endpoint\":\"a\"},"));

    assertRefused(NOT_LESHAN, () -> compare(credential("a")));
  }

  @Test
  void compare_identityThatCannotBeSent_isRefusedBeforeTheServerIsAsked() {
    assertRefused(UNSENDABLE, () -> compare(credential("a", "\udc80")));
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void compare_endpointOrIdentityTwice_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.compare(List.of(credential("a"), otherKey("a", "b"))))
        .withMessageContaining("endpoint 'a'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.compare(List.of(credential("a", "i"), credential("b", "i"))))
        .withMessageContaining("identity 'i'");
  }

  @Test
  void compare_entriesOfTheServer_areWiped() {
    Comparing comparing = new Comparing(List.of(credential("a")));
    SecurityEntry same = new SecurityEntry("a", Mode.PSK, PskIdentity.of("a"), key(), null);
    SecurityEntry unrelated = new SecurityEntry("b", Mode.PSK, PskIdentity.of("b"), key(), null);

    comparing.with(same);
    comparing.with(unrelated);

    assertThat(same.isDestroyed()).isTrue();
    assertThat(unrelated.isDestroyed()).isTrue();
    assertThat(comparing.results().get(0).outcome()).isEqualTo(Outcome.SAME);
  }
}
