// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.HostilePeer.CLIENT_KEY_EXCHANGE;
import static io.github.lwm2mcreds.scandium.HostilePeer.NEXT;
import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Peers that prove their address and then attack: a good device is served all the same. */
class HostileHandshakesTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int HANDSHAKES = 20;

  /** What Scandium puts together at most, of messages in fragments, in bytes. */
  private static final int MAX_MESSAGE = 8192;

  private final InMemoryCredentialStore store = new InMemoryCredentialStore();
  private final Loopback loopback =
      Loopback.limited(store, limits -> limits.withHandshakes(HANDSHAKES).withSessions(4));
  private final List<HostilePeer> peers = new ArrayList<>();
  private Loopback.Device before;

  @BeforeEach
  void connect() {
    store.put(credential("before", "before", 1));
    store.put(credential("good", "good", 2));
    before = loopback.new Device(LwM2mDtls.device(credential("before", "before", 1)), "127.1.1.1");
    before.echo("hello").join();
  }

  @AfterEach
  void stop() {
    peers.forEach(HostilePeer::close);
    loopback.close();
  }

  private HostilePeer peer(int number) throws IOException {
    String from = "127.2." + number / 250 + "." + (1 + number % 250);
    HostilePeer peer = new HostilePeer(loopback.address(), from);
    peers.add(peer);
    return peer.greet();
  }

  /** One device goes on with its session, another one makes a handshake. */
  private void assertServed() {
    assertThat(before.echo("again").join().text()).isEqualTo("again");
    assertThat(
            loopback.new Device(LwM2mDtls.device(credential("good", "good", 2)), "127.1.2.1")
                .echo("hello")
                .join()
                .text())
        .isEqualTo("hello");
    assertThat(counts().handshakesUnderWay()).isLessThanOrEqualTo(HANDSHAKES);
    assertThat(loopback.connections()).isLessThanOrEqualTo(HANDSHAKES + 4);
    assertThat(counts().displacedSessions()).isZero();
  }

  private ServerCounts counts() {
    return loopback.server().counts();
  }

  private static String keyExchange(String body) {
    return Hellos.part(CLIENT_KEY_EXCHANGE, NEXT, body.length() / 2, 0, body);
  }

  private static String identity(int length, int sent) {
    return String.format("%04x", length) + "61".repeat(sent);
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("nothing", keyExchange("")),
        Arguments.of("half of a length", keyExchange("00")),
        Arguments.of("an empty identity", keyExchange("0000")),
        Arguments.of("a longer identity than there is", keyExchange(identity(200, 10))),
        Arguments.of("65535 bytes of which none is there", keyExchange("ffff")),
        Arguments.of("more than the identity", keyExchange(identity(4, 400))),
        Arguments.of("129 bytes", keyExchange(identity(129, 129))),
        Arguments.of("1000 bytes", keyExchange(identity(1000, 1000))),
        Arguments.of("bytes that are not UTF-8", keyExchange("0004fffe0080")),
        Arguments.of("a public key of no curve", keyExchange("000161" + "03" + "040506")),
        Arguments.of("a longer message than there is", longerThanThereIs()),
        Arguments.of("a fragment behind its end", Hellos.part(16, NEXT, 4, 4, "61616161")),
        Arguments.of("a fragment of nothing", Hellos.part(16, NEXT, 4, 0, "")),
        Arguments.of("a header that ends early", "1000000400"),
        Arguments.of("another message first", Hellos.part(20, NEXT, 12, 0, "00".repeat(12))),
        Arguments.of("a message of no type", Hellos.part(99, NEXT, 1, 0, "00")),
        Arguments.of("the number of a message far ahead", Hellos.part(16, 0xffff, 3, 0, "000161")),
        Arguments.of("the number of a message before", Hellos.part(16, 0, 3, 0, "000161")));
  }

  private static String longerThanThereIs() {
    return "10" + "ffffff" + "0002" + "000000" + "ffffff" + "000161";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void keyExchange_malformed_holdsUpNobody(String name, String message) throws IOException {
    HostilePeer peer = peer(0);
    peer.send(message);
    peer.send(message);

    assertServed();
  }

  @Test
  void keyExchange_replayedInOldAndNewRecords_isLookedUpOnce() throws IOException {
    HostilePeer peer = peer(0);
    String record = peer.send(keyExchange("0006" + "6265666f7265")); // before
    for (int i = 0; i < 50; i++) {
      peer.sendRecord(record);
      peer.send(keyExchange("0006" + "6265666f7265"));
    }

    assertServed();
    assertThat(counts().lookups(ServerCounts.LookupSource.MEMORY)).isEqualTo(3);
  }

  @Test
  void keyExchange_replayedFromAnotherAddress_isOfNoHandshake() throws IOException {
    String record = peer(0).send(keyExchange("0006" + "6265666f7265"));
    HostilePeer other = new HostilePeer(loopback.address(), "127.3.1.1");
    peers.add(other);
    for (int i = 0; i < 50; i++) {
      other.sendRecord(record);
    }

    assertServed();
    assertThat(counts().lookups(ServerCounts.LookupSource.MEMORY)).isEqualTo(3);
  }

  /** All that a PSK identity's length can say, in as many fragments as it takes. */
  @Test
  void identity_of65535BytesInFragments_isNotPutTogether() throws IOException {
    HostilePeer peer = peer(0);
    int total = 2 + 0xffff;
    for (int offset = 0; offset < total; offset += 1000) {
      String part = offset == 0 ? "ffff" + "61".repeat(998) : "61".repeat(1000);
      String sent = part.substring(0, 2 * Math.min(1000, total - offset));
      peer.send(Hellos.part(CLIENT_KEY_EXCHANGE, NEXT, total, offset, sent));
    }

    assertServed();
    await().atMost(LONG).until(() -> counts().handshakesUnderWay() == 0);
    assertThat(counts().lookups(ServerCounts.LookupSource.NONE)).isZero();
  }

  /** They contradict each other, overlap by all but a byte, and come backwards. */
  @Test
  void fragments_thatOverlap_holdUpNobody() throws IOException {
    HostilePeer peer = peer(0);
    for (int offset = 300; offset >= 0; offset--) {
      String part = String.format("%02x", offset & 0xff).repeat(100);
      peer.send(Hellos.part(CLIENT_KEY_EXCHANGE, NEXT, 402, offset, part));
      peer.send(Hellos.part(CLIENT_KEY_EXCHANGE, NEXT, 403, offset, part));
    }

    assertServed();
  }

  @Test
  void fragments_thatNeverEnd_takeNoMoreRoomThanHandshakesHave() throws Exception {
    for (int i = 0; i < 3 * HANDSHAKES; i++) {
      HostilePeer peer = peer(i);
      for (int offset = 0; offset < MAX_MESSAGE - 1000; offset += 1000) {
        String part = "61".repeat(1000);
        peer.send(Hellos.part(CLIENT_KEY_EXCHANGE, NEXT, MAX_MESSAGE, offset, part));
      }
    }

    assertServed();
    assertThat(loopback.server().connections().remainingCapacity()).isPositive();
    assertThat(FragmentBuffers.of(loopback.store()))
        .hasSizeLessThanOrEqualTo(HANDSHAKES)
        .allMatch(buffer -> buffer.length() <= MAX_MESSAGE);
  }

  /** Every second byte: what is kept of each takes more room than the byte. */
  @Test
  void fragments_ofOneByte_areNotKept() throws Exception {
    HostilePeer peer = peer(0);
    StringBuilder datagram = new StringBuilder();
    for (int offset = 0; offset < MAX_MESSAGE; offset += 2) {
      String part = Hellos.part(CLIENT_KEY_EXCHANGE, NEXT, MAX_MESSAGE, offset, "61");
      datagram.append(Hellos.record(offset + NEXT, part));
      if (datagram.length() > 2000) {
        peer.sendRecord(datagram.toString());
        datagram.setLength(0);
      }
    }

    assertServed();
    assertThat(FragmentBuffers.of(loopback.store())).allMatch(buffer -> buffer.ranges() < 600);
  }

  @Test
  void messages_thatComeTooEarly_areFew() throws Exception {
    HostilePeer peer = peer(0);
    for (int i = 1; i <= 1000; i++) {
      peer.send(Hellos.part(CLIENT_KEY_EXCHANGE, NEXT + i, 0, 0, ""));
    }

    assertServed();
    assertThat(FragmentBuffers.early(loopback.store())).allMatch(records -> records <= 40);
  }

  /** In a message behind one that was there before. */
  @Test
  void fragments_ofOneByteBehindOthers_areNotKept() throws Exception {
    HostilePeer peer = peer(0);
    for (int offset = 0; offset < 2000; offset += 2) {
      String before = Hellos.part(1, 1, 0, 0, "");
      peer.send(before + Hellos.part(CLIENT_KEY_EXCHANGE, NEXT, MAX_MESSAGE, offset, "61"));
    }

    assertServed();
    assertThat(FragmentBuffers.of(loopback.store())).allMatch(buffer -> buffer.ranges() < 600);
  }

  @Test
  void message_longerThanIsPutTogether_endsItsHandshakeAtOnce() throws IOException {
    assertThat(
            LwM2mDtls.server(loopback.address(), new ScandiumPskStore(store))
                .getIncompleteConfig()
                .get(DtlsConfig.DTLS_MAX_FRAGMENTED_HANDSHAKE_MESSAGE_LENGTH))
        .isEqualTo(MAX_MESSAGE);
    for (int length : new int[] {MAX_MESSAGE + 1, 0xffffff}) {
      HostilePeer peer = peer(length & 0xff);
      peer.send(Hellos.part(CLIENT_KEY_EXCHANGE, NEXT, length, 0, "0014" + "61".repeat(20)));

      await().atMost(LONG).until(() -> counts().handshakesUnderWay() == 0);
    }

    assertServed();
  }

  @Test
  void handshakes_halfOpenFromManyAddresses_leaveRoom() throws IOException {
    for (int i = 0; i < 25 * HANDSHAKES; i++) {
      peer(i);
      if (i % 100 == 99) {
        assertServed();
      }
    }

    // The last device's may have taken the room of one.
    assertThat(counts().handshakesUnderWay()).isBetween(HANDSHAKES - 1, HANDSHAKES);
    assertThat(counts().displacedHandshakes()).isGreaterThanOrEqualTo(24 * HANDSHAKES);
  }

  /** What anybody can send in others' names, without receiving anything. */
  @Test
  void hellosWithoutCookies_leaveNothingBehind() throws IOException {
    for (int i = 0; i < 1000; i++) {
      try (HostilePeer peer =
          new HostilePeer(loopback.address(), "127.4." + i / 250 + "." + (1 + i % 250))) {
        peer.send(Hellos.withCookie(""));
        peer.send(keyExchange("000161"));
        peer.sendRecord("16fefd0001000000000000" + "0010" + "00".repeat(16)); // epoch 1
      }
    }

    assertServed();
    assertThat(loopback.connections()).isLessThanOrEqualTo(3);
  }
}
