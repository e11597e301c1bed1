// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.scandium.FailedHandshakes.Slowed;
import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.LoggedEvents;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailedHandshakesTest {
  private static final byte[] HELLO = HexFormat.of().parseHex(Hellos.datagram("fefd", "c0a8"));

  private final LoggedEvents logged = new LoggedEvents();
  private final Random random = new Random(1);
  private long now;
  private final FailedHandshakes failed = failed(UnaryOperator.identity(), true);

  @AfterEach
  void closeLog() {
    logged.close();
  }

  private FailedHandshakes failed(UnaryOperator<ConnectionLimits> limits, boolean hasCookies) {
    ConnectionLimits defaults = ConnectionLimits.of(new Configuration(DtlsConfig.DEFINITIONS));
    return new FailedHandshakes(limits.apply(defaults), hasCookies, () -> now);
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static InetSocketAddress peer(String host) {
    return new InetSocketAddress(host, 40_000);
  }

  private static PskPublicInformation identity(String identity) {
    return PskPublicInformation.fromByteArray(identity.getBytes(UTF_8));
  }

  private void fail(int times, String host, String identity) {
    for (int i = 0; i < times; i++) {
      failed.failed(peer(host), identity(identity), Reason.WRONG_KEY);
    }
  }

  /** How many of a hundred clients' first messages from a host are answered. */
  private int admitted(String host) {
    int admitted = 0;
    for (int i = 0; i < 100; i++) {
      admitted += failed.admitsHello(hello(host)) ? 1 : 0;
    }
    return admitted;
  }

  private DatagramPacket hello(String host) {
    byte[] datagram = HELLO.clone();
    byte[] randomBytes = new byte[32];
    random.nextBytes(randomBytes);
    System.arraycopy(randomBytes, 0, datagram, 27, 32);
    return new DatagramPacket(datagram, datagram.length, peer(host));
  }

  private boolean admits(String host, String identity) {
    byte[] bytes = identity.getBytes(UTF_8);
    ByteBuffer message = ByteBuffer.allocate(12 + 2 + bytes.length);
    message.position(12).putShort((short) bytes.length).put(bytes);
    return failed.admitsIdentity(message.array(), 12, peer(host));
  }

  @Test
  void network_thatOwesUpToHalf_isNotSlowedDown() {
    fail(50, "192.0.2.1", "a");

    assertThat(admitted("192.0.2.1")).isEqualTo(100);
  }

  @Test
  void network_thatOwesMore_losesThatPartOfItsClientHellos() {
    fail(75, "192.0.2.1", "a");
    assertThat(admitted("192.0.2.1")).isBetween(30, 70);
    fail(1000, "192.0.2.1", "a");
    assertThat(admitted("192.0.2.1")).isLessThan(30);
    assertThat(admitted("192.0.2.255")).as("same network").isLessThan(30);
    assertThat(admitted("192.0.3.1")).as("its neighbour").isEqualTo(100);
    pass(5000);
    assertThat(admitted("192.0.2.1")).isEqualTo(100);
  }

  @Test
  void network_thatOwesAllItCan_getsASixteenthIn() {
    fail(1000, "192.0.2.1", "a");
    int admitted = 0;
    for (int i = 0; i < 100; i++) {
      admitted += admitted("192.0.2.1");
    }

    assertThat(admitted).as("of 10,000").isBetween(400, 850);
  }

  /** It has the right key, and its neighbours go on all the time. */
  @Test
  void device_inANetworkThatOwesAllItCan_getsInWhenItSendsItsHelloAgain() {
    DatagramPacket hello = hello("192.0.2.1");
    boolean admitted = false;
    for (int tries = 0; tries < 500 && !admitted; tries++) {
      fail(1000, "192.0.2.2", "a");
      admitted = failed.admitsHello(hello);
      pass(2000);
    }

    assertThat(admitted).isTrue();
  }

  @Test
  void network_ofIpv6_isItsFirst64Bits() {
    fail(1000, "2001:db8:0:1::1", "a");

    assertThat(admitted("2001:db8:0:1:ffff::2")).isLessThan(30);
    assertThat(admitted("2001:db8:0:2::1")).isEqualTo(100);
  }

  @Test
  void clientsHellos_haveTheSameLuckWithinASecondAndOtherLuckLater() {
    fail(75, "192.0.2.1", "a");
    DatagramPacket first =
        Stream.generate(() -> hello("192.0.2.1"))
            .limit(1000)
            .filter(hello -> !failed.admitsHello(hello))
            .findFirst()
            .orElseThrow();

    for (int i = 0; i < 100; i++) {
      assertThat(failed.admitsHello(first)).as("sent again at once").isFalse();
    }
    boolean admitted = false;
    for (int second = 0; second < 64 && !admitted; second++) {
      pass(1024);
      fail(10, "192.0.2.1", "a"); // it goes on to owe as much
      admitted = failed.admitsHello(first);
    }
    assertThat(admitted).as("sent again later").isTrue();
  }

  @Test
  void clientsHello_afterARecordOfAnUnknownType_hasTheSameLuck() {
    fail(75, "192.0.2.1", "a");
    byte[] unknown = HexFormat.of().parseHex("63fefd00000000000000000000");
    for (int i = 0; i < 100; i++) {
      DatagramPacket hello = hello("192.0.2.1");
      byte[] both = Arrays.copyOf(unknown, unknown.length + hello.getLength());
      System.arraycopy(hello.getData(), 0, both, unknown.length, hello.getLength());

      assertThat(failed.admitsHello(new DatagramPacket(both, both.length, peer("192.0.2.1"))))
          .isEqualTo(failed.admitsHello(hello));
    }
  }

  @Test
  void network_whereAsManySucceedAsFail_isNotSlowedDown() {
    for (int i = 0; i < 1000; i++) {
      fail(1, "192.0.2.1", "bad" + i);
      failed.succeeded(peer("192.0.2.2"), identity("good" + i));
    }

    assertThat(admitted("192.0.2.1")).isEqualTo(100);
  }

  /** A device tries every second, and is let through where its identity is. */
  @Test
  void network_withOneBadDeviceOrTwenty_isNotSlowedDown() {
    for (int second = 0; second < 600; second++) {
      for (int device = 0; device < 20; device++) {
        if (admits("192.0.2.1", "bad" + device)) {
          fail(1, "192.0.2.1", "bad" + device);
        }
      }
      pass(1000);
    }

    assertThat(admitted("192.0.2.1")).isEqualTo(100);
  }

  @Test
  void networks_inAFloodFromMany_mayFailLess() {
    for (int second = 0; second < 20; second++) {
      for (int i = 0; i < 8000; i++) {
        failed.failed(peer("10." + i % 16 + "." + i / 16 % 256 + ".1"), null, Reason.WRONG_KEY);
      }
      pass(1000);
    }

    assertThat(admitted("10.3.7.1")).as("two a second").isLessThan(50);
    assertThat(admitted("192.0.2.1")).isEqualTo(100);
  }

  @Test
  void networks_whereFewFailInAll_mayEachFailTenASecond() {
    for (int second = 0; second < 60; second++) {
      fail(10, "192.0.2.1", "a");
      pass(1000);
    }

    assertThat(admitted("192.0.2.1")).isEqualTo(100);
  }

  @Test
  void identity_thatFailedTenTimes_isSlowedDownForThatPeerAlone() {
    fail(9, "192.0.2.1", "a");
    assertThat(admits("192.0.2.1", "a")).isTrue();
    fail(1, "192.0.2.1", "a");

    assertThat(admits("192.0.2.1", "a")).isFalse();
    assertThat(admits("192.0.2.2", "a")).as("at another address").isTrue();
    assertThat(admits("198.51.100.1", "a")).as("in another network").isTrue();
    assertThat(admits("192.0.2.1", "b")).as("another device behind the same NAT").isTrue();
    assertThat(failed.slowed().of(Slowed.IDENTITY)).isOne();
  }

  @Test
  void identity_thatIsSlowedDown_mayFailOnceInThreeSeconds() {
    fail(1000, "192.0.2.1", "a");
    int failures = 0;
    for (int i = 0; i < 600; i++) {
      pass(100);
      if (admits("192.0.2.1", "a")) {
        fail(1, "192.0.2.1", "a");
        failures++;
      }
    }

    assertThat(failures).isEqualTo(20);
  }

  @Test
  void identity_ofIpv6_isSlowedDownForTheWholeNetwork() {
    fail(10, "2001:db8:0:1::1", "a");

    assertThat(admits("2001:db8:0:1::2", "a")).isFalse();
    assertThat(admits("2001:db8:0:2::1", "a")).isTrue();
  }

  @Test
  void identity_whoseHandshakeSucceeds_owesNothing() {
    fail(10, "192.0.2.1", "a");
    failed.succeeded(peer("192.0.2.1"), identity("a"));

    assertThat(admits("192.0.2.1", "a")).isTrue();
    fail(9, "192.0.2.1", "a");
    assertThat(admits("192.0.2.1", "a")).isTrue();
  }

  @Test
  void fragments_ofAPeerWithoutSuccess_areSlowedDownForItAlone() {
    for (int i = 0; i < 10; i++) {
      assertThat(failed.admitsFragment(peer("192.0.2.1"))).isTrue();
    }

    assertThat(failed.admitsFragment(peer("192.0.2.1"))).isFalse();
    assertThat(failed.admitsFragment(peer("192.0.2.2"))).as("at another address").isTrue();
    assertThat(failed.slowed().of(Slowed.IDENTITY)).isOne();
    pass(3000);
    assertThat(failed.admitsFragment(peer("192.0.2.1"))).as("later").isTrue();
  }

  @Test
  void fragments_ofAPeerWhoseHandshakesSucceed_areLetThrough() {
    for (int i = 0; i < 1000; i++) {
      assertThat(failed.admitsFragment(peer("192.0.2.1"))).isTrue();
      failed.succeeded(peer("192.0.2.1"), identity("device" + i));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"STORE_FAILED", "FRAGMENTED_CLIENT_HELLO", "UNSUPPORTED_VERSION"})
  void reasons_forWhichThePeerIsNotToBlame_doNotCount(Reason reason) {
    for (int i = 0; i < 1000; i++) {
      failed.failed(peer("192.0.2.1"), identity("a"), reason);
    }

    assertThat(admitted("192.0.2.1")).isEqualTo(100);
    assertThat(admits("192.0.2.1", "a")).isTrue();
  }

  @Test
  void unknownIdentity_isSlowedDownAsAKnownOneIs() {
    for (int i = 0; i < 9; i++) {
      failed.failed(peer("192.0.2.1"), identity("unknown"), Reason.UNKNOWN_IDENTITY);
    }
    assertThat(admits("192.0.2.1", "unknown")).isTrue();
    failed.failed(peer("192.0.2.1"), identity("unknown"), Reason.UNKNOWN_IDENTITY);

    assertThat(admits("192.0.2.1", "unknown")).isFalse();
  }

  /** Nobody can get in by it. */
  @Test
  void unknownIdentity_isNotUnderAttack() {
    for (int i = 0; i < 100; i++) {
      failed.failed(peer("192.0." + i + ".1"), identity("unknown"), Reason.UNKNOWN_IDENTITY);
    }

    assertThat(failed.underAttack()).isZero();
    assertThat(logged.of(Event.IDENTITY_UNDER_ATTACK)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0, true", "600, 20, false"})
  void nobody_isSlowedDown_whereItIsOffOrAddressesAreNotProved(
      int ofNetwork, int ofIdentity, boolean hasCookies) {
    FailedHandshakes off =
        failed(
            limits -> limits.withNetworkFailures(ofNetwork).withIdentityFailures(ofIdentity),
            hasCookies);
    for (int i = 0; i < 1000; i++) {
      off.failed(peer("192.0.2.1"), identity("a"), Reason.UNKNOWN_IDENTITY);
      off.admitsFragment(peer("192.0.2.1"));
    }

    assertThat(off.admitsHello(hello("192.0.2.1"))).isTrue();
    assertThat(off.admitsIdentity(new byte[] {0, 1, 'a'}, 0, peer("192.0.2.1"))).isTrue();
    assertThat(off.admitsFragment(peer("192.0.2.1"))).isTrue();
  }

  @Test
  void malformedMessages_areLetThrough() {
    for (int length = 0; length < 4; length++) {
      for (int at = 0; at < 6; at++) {
        assertThat(failed.admitsIdentity(new byte[length], at, peer("192.0.2.1"))).isTrue();
      }
    }
    fail(1000, "192.0.2.1", "a");
    byte[] cut = {22, -2, -3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1};
    assertThat(failed.admitsHello(new DatagramPacket(cut, cut.length, peer("192.0.2.1"))))
        .isFalse();
    assertThat(failed.admitsHello(new DatagramPacket(cut, cut.length, peer("192.0.3.1")))).isTrue();
  }

  @Test
  void identityUnderAttack_isReportedOnceAMinute() {
    for (int i = 0; i < 180; i++) {
      fail(1, "192.0." + i % 5 + ".1", "a");
      pass(1000);
    }

    assertThat(logged.of(Event.IDENTITY_UNDER_ATTACK))
        .hasSize(3)
        .allMatch(
            line ->
                line.matches(
                    "WARNING identity-under-attack identity=a failures=\\d+ networks=5"
                        + " hint=\".*\""));
    assertThat(failed.underAttack()).isOne();
    pass(60_000);
    assertThat(failed.underAttack()).isZero();
  }

  @Test
  void identity_thatFailsNowAndThen_isNotUnderAttack() {
    for (int i = 0; i < 1000; i++) {
      fail(1, "192.0." + i % 5 + ".1", "a");
      pass(10_000);
    }

    assertThat(logged.of(Event.IDENTITY_UNDER_ATTACK)).isEmpty();
  }

  @Test
  void identity_thatFailsSomeTimesEveryOtherMinute_isNotUnderAttack() {
    for (int i = 0; i < 40; i++) {
      fail(7, "192.0.2.1", "a");
      pass(120_000);
    }

    assertThat(logged.of(Event.IDENTITY_UNDER_ATTACK)).isEmpty();
  }

  @Test
  void identitiesUnderAttack_ofWhichThereAreVeryMany_areCountedUpToALimit() {
    for (int i = 0; i < 1000; i++) {
      fail(30, "192.0.2.1", "device" + i);
    }

    assertThat(failed.underAttack()).isEqualTo(AttackedIdentities.MAX_IDENTITIES);
    pass(60_000);
    fail(30, "192.0.2.1", "late");
    assertThat(failed.underAttack()).as("room is made by time").isOne();
  }
}
