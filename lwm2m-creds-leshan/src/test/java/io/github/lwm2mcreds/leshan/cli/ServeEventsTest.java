// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.RegistrationRefusal;
import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.HistoryHash;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What serve prints, for people and for programs. */
class ServeEventsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static String line(boolean asJson, Consumer<ServeEvents> happening) {
    List<String> lines = lines(asJson, happening);
    assertThat(lines).hasSize(1);
    return lines.get(0);
  }

  private static List<String> lines(boolean asJson, Consumer<ServeEvents> happening) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, UTF_8);
    happening.accept(
        new ServeEvents(
            new Events(new Streams(InputStream.nullInputStream(), stream, stream), asJson),
            text -> {}));
    return out.toString(UTF_8).lines().toList();
  }

  private static String text(Consumer<ServeEvents> happening) {
    return line(false, happening);
  }

  /** Returns the object without its time, which is about now. */
  private static JsonNode json(Consumer<ServeEvents> happening) throws Exception {
    String line = line(true, happening);
    assertThat(line).isASCII();
    ObjectNode object = (ObjectNode) JSON.readTree(line);
    assertThat(Instant.parse(object.remove("time").asText()))
        .isBetween(Instant.now().minus(Duration.ofHours(1)), Instant.now());
    return object;
  }

  private static JsonNode tree(String text) throws Exception {
    return JSON.readTree(text.replace('\'', '"'));
  }

  @Test
  void flood_ofRefusals_isTenLinesAndACount() throws Exception {
    HandshakeRefusal wrongKey =
        new HandshakeRefusal(Optional.empty(), "sensor-1", HandshakeRefusal.Reason.WRONG_KEY);
    Consumer<ServeEvents> flood =
        events -> {
          for (int i = 0; i < 1_244; i++) {
            events.refused(wrongKey);
          }
          events.flush();
        };

    List<String> text = lines(false, flood);
    assertThat(text)
        .hasSize(11)
        .last()
        .isEqualTo("... 1,234 more refused handshakes (wrong key) left out");
    ObjectNode count = (ObjectNode) JSON.readTree(lines(true, flood).get(10));
    count.remove("time");
    assertThat(count)
        .isEqualTo(
            tree(
                "{'event':'left-out','of':'handshake-refused','reason':'WRONG_KEY','count':1234}"));
  }

  @Test
  void refusedHandshake_hasReasonIdentityAndPeer() throws Exception {
    HandshakeRefusal wrongKey =
        new HandshakeRefusal(
            Optional.of(InetSocketAddress.createUnresolved("192.0.2.1", 7)),
            "sensor-1",
            HandshakeRefusal.Reason.WRONG_KEY);

    assertThat(text(events -> events.refused(wrongKey)))
        .isEqualTo("refused handshake: wrong key for PSK identity 'sensor-1' from 192.0.2.1:7");
    assertThat(json(events -> events.refused(wrongKey)))
        .isEqualTo(
            tree(
                "{'event':'handshake-refused','reason':'WRONG_KEY','pskIdentity':'sensor-1',"
                    + "'peer':'192.0.2.1:7','hint':null}"));
    HandshakeRefusal early =
        new HandshakeRefusal(Optional.empty(), "", HandshakeRefusal.Reason.NO_COMMON_PARAMETERS);
    assertThat(json(events -> events.refused(early)))
        .isEqualTo(
            tree(
                "{'event':'handshake-refused','reason':'NO_COMMON_PARAMETERS',"
                    + "'pskIdentity':null,'peer':null,'hint':null}"));
  }

  @Test
  void refusedHandshake_ofADeviceThatOffersOther_hasAHint() throws Exception {
    HandshakeRefusal refusal =
        new HandshakeRefusal(
            Optional.of(InetSocketAddress.createUnresolved("2001:db8::1", 7)),
            "",
            HandshakeRefusal.Reason.UNSUPPORTED_VERSION,
            List.of("DTLS 1.0"),
            Optional.empty(),
            Optional.empty());

    assertThat(text(events -> events.refused(refusal)))
        .isEqualTo(
            "refused handshake: unsupported version of DTLS from [2001:db8::1]:7;"
                + " the device offers DTLS 1.0");
    assertThat(json(events -> events.refused(refusal)).get("hint").asText())
        .isEqualTo("the device offers DTLS 1.0");
  }

  @Test
  void refusedRegistration_hasEndpointPeerAndReason() throws Exception {
    RegistrationRefusal refusal = new RegistrationRefusal("ep", "PSK 'x'", "not its identity");

    assertThat(text(events -> events.refused(refusal)))
        .isEqualTo("refused registration: ep by PSK 'x': not its identity");
    assertThat(json(events -> events.refused(refusal)).get("event").asText())
        .isEqualTo("registration-refused");
  }

  /** A program joins events by these names, and with those of store list. */
  @Test
  void nameWithABackslash_isTheSameInEveryEvent_asJson() throws Exception {
    String name = "a\\b\ud83d\ude00";
    PskIdentity identity = PskIdentity.of(name);
    HandshakeRefusal handshake =
        new HandshakeRefusal(
            Optional.empty(),
            identity.toString(),
            HandshakeRefusal.Reason.WRONG_KEY,
            List.of(),
            Optional.empty(),
            Optional.of(identity));
    RegistrationRefusal registration =
        new RegistrationRefusal(Printable.escape(name), "PSK 'x'", "not its identity", name);
    RetiredCredential retired =
        new RetiredCredential(name, identity, RetiredCredential.Cause.REVOKED);

    assertThat(text(events -> events.refused(handshake))).contains("'a\\\\b");
    assertThat(text(events -> events.refused(registration))).contains("a\\\\b");
    assertThat(json(events -> events.refused(handshake)).get("pskIdentity").asText())
        .isEqualTo(json(events -> events.credentialRetired(retired)).get("pskIdentity").asText())
        .isEqualTo(name);
    assertThat(json(events -> events.refused(registration)).get("endpoint").asText())
        .isEqualTo(json(events -> events.credentialRetired(retired)).get("endpoint").asText())
        .isEqualTo(name);
  }

  @Test
  void retiredCredential_isNamedByItsCause() throws Exception {
    RetiredCredential retired =
        new RetiredCredential(
            "\u00e9", PskIdentity.of("\u00e9.2"), RetiredCredential.Cause.REVOKED);

    assertThat(text(events -> events.credentialRetired(retired)))
        .isEqualTo("revoked \u00e9, identity '\u00e9.2'");
    assertThat(json(events -> events.credentialRetired(retired)))
        .isEqualTo(tree("{'event':'revoked','endpoint':'\u00e9','pskIdentity':'\u00e9.2'}"));
  }

  @Test
  void storeThatIsLost_back_orOlder_isReported() throws Exception {
    CredentialStoreException failure =
        new CredentialStoreException(Reason.UNAVAILABLE, "fleet.db cannot be used");
    Position followed = new Position(7, HistoryHash.parse("00".repeat(32)));
    Position loaded = new Position(5, HistoryHash.parse("11".repeat(32)));

    assertThat(text(events -> events.lost(failure)))
        .isEqualTo("store lost, serving the devices known so far: fleet.db cannot be used");
    assertThat(json(events -> events.lost(failure)))
        .isEqualTo(tree("{'event':'store-lost','message':'fleet.db cannot be used'}"));
    assertThat(json(ServeEvents::resumed)).isEqualTo(tree("{'event':'store-back'}"));
    assertThat(json(events -> events.historyChanged(followed, loaded)))
        .isEqualTo(tree("{'event':'history-changed','followed':7,'loaded':5}"));
    assertThat(json(events -> events.unreadable(failure)).get("event").asText())
        .isEqualTo("unreadable");
    assertThat(json(events -> events.sweepFailed(failure)).get("event").asText())
        .isEqualTo("sweep-failed");
  }

  @Test
  void status_isThatOfTheStore() {
    List<String> status = new ArrayList<>();
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    Streams streams = new Streams(InputStream.nullInputStream(), nowhere, nowhere);
    ServeEvents events = new ServeEvents(new Events(streams, false), status::add);

    events.lost(new CredentialStoreException(Reason.UNAVAILABLE, "fleet.db cannot be used"));
    events.resumed();

    assertThat(status)
        .containsExactly(
            "store lost, serving the devices known so far: fleet.db cannot be used",
            "store back and caught up");
  }

  @Test
  void serverAndDevice_inJson_tellTheWholeStory(@TempDir Path folder) throws Exception {
    TestStore store = TestStore.init(folder);
    store.add("ep", TestStore.TOKEN);
    String partition = store.partition("ep", TestStore.TOKEN);
    String[] serve = {
      "serve", "--coaps-port=0", "--metrics=0", "--format=json", "--store=sqlite:" + store.file()
    };
    try (Child server = Child.startMain(folder, Map.of(), serve)) {
      assertThat(JSON.readTree(server.awaitLine(isEvent("metrics"))).get("uri").asText())
          .matches("http://127\\.0\\.0\\.1:\\d+/metrics");
      server.awaitLine(isEvent("following"));
      String uri = JSON.readTree(server.awaitLine(isEvent("listening"))).get("uri").asText();

      Cli device = Cli.run("device", partition, "--server", uri, "--once", "--format", "json");

      assertThat(device.code()).as(device::err).isZero();
      JsonNode registered = JSON.readTree(device.out());
      assertThat(registered.get("event").asText()).isEqualTo("registered");
      assertThat(registered.get("endpoint").asText()).isEqualTo("ep");
      server.awaitLine(isEvent("registered"));
      server.awaitLine(isEvent("deregistered"));
      store.run("revoke", "ep");
      server.awaitLine(isEvent("revoked"));
      server.terminate();
      assertThat(server.awaitEnd()).isZero();
      assertThat(server.output().lines())
          .filteredOn(line -> !line.isEmpty() && !line.startsWith("WARNING: ")) // are Java's
          .allMatch(line -> line.startsWith("{\"event\":\""));
      assertThat(server.output()).doesNotContain(TestStore.TOKEN).endsWith("Z\"}");
    }
  }

  private static Predicate<String> isEvent(String name) {
    return line -> line.startsWith("{\"event\":\"" + name + "\"");
  }
}
