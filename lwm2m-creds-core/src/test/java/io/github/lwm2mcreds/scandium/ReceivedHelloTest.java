// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.DatagramPacket;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedHelloTest {
  /** The header of a record of type 99, without its length. */
  private static final String UNKNOWN = "63fefd0000000000000000";

  private static ReceivedHello of(String suites) {
    return ReceivedHello.of(bytes(Hellos.message("fefd", suites))).orElseThrow();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void of_message_hasVersionAndSuites() {
    assertThat(ReceivedHello.of(bytes(Hellos.message("feff", "c0a800ae00ff"))))
        .contains(new ReceivedHello(0xfeff, List.of(0xc0a8, 0x00ae, 0x00ff)));
  }

  @Test
  void of_datagram_isItsFirstMessage() {
    byte[] datagram = bytes("ff" + Hellos.datagram("fefd", "c0a8") + "ff");

    assertThat(ReceivedHello.of(new DatagramPacket(datagram, 1, datagram.length - 2)))
        .contains(of("c0a8"));
  }

  /** Scandium skips records of types that it does not know. */
  @ParameterizedTest
  @ValueSource(strings = {"", UNKNOWN + "0000", UNKNOWN + "0003aabbcc" + UNKNOWN + "0000"})
  void hello_afterRecordsOfUnknownTypes_isTheFirst(String before) {
    byte[] datagram = bytes("ff" + before + Hellos.datagram("fefd", "c0a8") + "ff");
    DatagramPacket packet = new DatagramPacket(datagram, 1, datagram.length - 2);

    assertThat(ReceivedHello.isFirstIn(packet)).isTrue();
    assertThat(ReceivedHello.of(packet)).contains(of("c0a8"));
    assertThat(ReceivedHello.firstRecordAt(packet)).isEqualTo(1 + before.length() / 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "15fefd00000000000000000002" + "0100", // an alert
        "19fefd00000000000000000000", // with a connection id
        UNKNOWN + "ffff", // longer than the datagram
      })
  void hello_afterAnythingElse_isNotTheFirst(String before) {
    byte[] datagram = bytes(before + Hellos.datagram("fefd", "c0a8"));
    DatagramPacket packet = new DatagramPacket(datagram, datagram.length);

    assertThat(ReceivedHello.isFirstIn(packet)).isFalse();
    assertThat(ReceivedHello.of(packet)).isEmpty();
  }

  @Property
  void of_anyBytes_isReadOrEmpty(@ForAll @Size(max = 200) byte[] bytes) {
    assertThatCode(
            () -> {
              ReceivedHello.of(bytes);
              ReceivedHello.of(new DatagramPacket(bytes, bytes.length));
              ReceivedHello.isFirstIn(new DatagramPacket(bytes, bytes.length));
              ReceivedHello.isFirstFragment(bytes);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void of_helloThatIsCut_isEmpty() {
    byte[] datagram = bytes(Hellos.datagram("fefd", "c0a800ae"));
    byte[] message = bytes(Hellos.message("fefd", "c0a800ae"));

    for (int length = 0; length < datagram.length - 2; length++) {
      assertThat(ReceivedHello.of(new DatagramPacket(datagram, length))).isEmpty();
    }
    for (int length = 0; length < message.length - 2; length++) {
      assertThat(ReceivedHello.of(Arrays.copyOf(message, length))).isEmpty();
    }
  }

  @Test
  void isFirstFragment_fragments_isTrueForTheFirstOnly() {
    assertThat(ReceivedHello.isFirstFragment(bytes(Hellos.fragment(0, 20)))).isTrue();
    assertThat(ReceivedHello.isFirstFragment(bytes(Hellos.fragment(20, 20)))).isFalse();
    assertThat(ReceivedHello.isFirstFragment(bytes(Hellos.message("fefd", "c0a8")))).isFalse();
  }

  @Test
  void suiteNames_suites_areNamesAndNumbers() {
    assertThat(of("c0a8" + "1301" + "cca9" + "00ff" + "5600" + "1a1a").suiteNames())
        .containsExactly("TLS_PSK_WITH_AES_128_CCM_8", "TLS_AES_128_GCM_SHA256", "0xcca9");
  }

  @Test
  void suiteNames_veryMany_areSixteenAndANumber() {
    String suites =
        IntStream.range(0, 1000)
            .mapToObj(i -> String.format("%04x", 0xe000 + i))
            .collect(Collectors.joining());

    assertThat(of(suites).suiteNames()).hasSize(17).last().isEqualTo("984 more");
  }

  @Test
  void offersOneOf_profile_isTrueForEachOfItsSuites() {
    assertThat(of("00ae").offersOneOf(LwM2mDtls.CIPHER_SUITES)).isTrue();
    assertThat(of("1301c0a8").offersOneOf(LwM2mDtls.CIPHER_SUITES)).isTrue();
    assertThat(of("1301").offersOneOf(LwM2mDtls.CIPHER_SUITES)).isFalse();
    assertThat(of("00a8").offersOneOf(LwM2mDtls.CIPHER_SUITES)).isFalse();
    assertThat(CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256.getCode()).isEqualTo(0xa8);
  }

  @Test
  void versionName_versions_areNamesOrNumbers() {
    assertThat(new ReceivedHello(0xfeff, List.of()).versionName()).isEqualTo("DTLS 1.0");
    assertThat(new ReceivedHello(0xfefd, List.of()).versionName()).isEqualTo("DTLS 1.2");
    assertThat(new ReceivedHello(0x0303, List.of()).versionName()).isEqualTo("version 0x0303");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10" + "000064" + "0002" + "000000" + "00000f", // 15 bytes of 100
        "10" + "000064" + "0002" + "000054" + "00000f", // all but the last
        "10" + "000064" + "0002" + "000000" + "000000",
      })
  void crumb_isFoundWhereverItIs(String header) {
    byte[] crumb = Arrays.copyOf(bytes(header), 12 + 15);
    byte[] behind = bytes(Hellos.message("fefd", "c0a8") + HexFormat.of().formatHex(crumb));

    assertThat(ReceivedHello.hasCrumb(crumb)).isTrue();
    assertThat(ReceivedHello.hasCrumb(behind)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10" + "000064" + "0002" + "000000" + "000010", // 16 bytes of 100
        "10" + "000064" + "0002" + "000055" + "00000f", // the last ones
        "10" + "000002" + "0002" + "000000" + "000002", // whole
        "10" + "000000" + "0002" + "000000" + "000000",
        "10" + "000064" + "0002" + "000000", // no header
      })
  void crumb_thatIsNone_isNotFound(String header) {
    assertThat(ReceivedHello.hasCrumb(bytes(header))).isFalse();
  }
}
