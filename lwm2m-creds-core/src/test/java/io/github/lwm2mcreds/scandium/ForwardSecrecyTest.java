// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.net.DatagramPacket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.scandium.DtlsDatagramFilter;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardSecrecyTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final List<SupportedGroup> CURVES =
      List.of(SupportedGroup.X25519, SupportedGroup.secp256r1);

  private final InMemoryCredentialStore store = new InMemoryCredentialStore();
  private Loopback loopback;

  ForwardSecrecyTest() {
    store.put(credential("deadbeef", "identity", 1));
  }

  @AfterEach
  void stop() {
    loopback.close();
  }

  private void start(ForwardSecrecy secrecy) {
    start(secrecy, config -> {});
  }

  private void start(ForwardSecrecy secrecy, Consumer<DtlsConnectorConfig.Builder> more) {
    loopback = new Loopback(store, forwardSecret(secrecy).andThen(more));
  }

  private static Consumer<DtlsConnectorConfig.Builder> forwardSecret(ForwardSecrecy secrecy) {
    return config -> secrecy.configure(config.getIncompleteConfig().getConfiguration());
  }

  private static DtlsConnectorConfig.Builder device(CipherSuite... suites) {
    return LwM2mDtls.device(credential("deadbeef", "identity", 1))
        .set(DtlsConfig.DTLS_CIPHER_SUITES, List.of(suites));
  }

  private static DtlsConnectorConfig.Builder device(
      List<SupportedGroup> groups, CipherSuite... suites) {
    return device(suites)
        .set(DtlsConfig.DTLS_RECOMMENDED_CURVES_ONLY, false)
        .set(DtlsConfig.DTLS_CURVES, groups);
  }

  private List<DTLSSession> sessions() {
    List<DTLSSession> sessions = new CopyOnWriteArrayList<>();
    try {
      loopback
          .server()
          .startForEach(
              connection -> {
                if (connection.hasEstablishedDtlsContext()) {
                  sessions.add(connection.getEstablishedSession());
                }
                return false;
              })
          .get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return sessions;
  }

  static Stream<Arguments> suitesAndCurves() {
    return ForwardSecrecy.REQUIRED.cipherSuites().stream()
        .flatMap(suite -> CURVES.stream().map(curve -> Arguments.arguments(suite, curve)));
  }

  @ParameterizedTest
  @MethodSource("suitesAndCurves")
  void required_device_hasASessionOfItsSuiteAndCurve(CipherSuite suite, SupportedGroup curve) {
    start(ForwardSecrecy.REQUIRED);

    Loopback.Echo echo = loopback.echoOf(device(List.of(curve), suite));

    assertThat(echo.server().get(DtlsEndpointContext.KEY_CIPHER)).isEqualTo(suite.name());
    assertThat(sessions()).extracting(DTLSSession::getEcGroup).containsExactly(curve);
  }

  @Test
  void required_deviceOfTheProfile_hasCcm8AndX25519() {
    start(ForwardSecrecy.REQUIRED);
    DtlsConnectorConfig.Builder device = LwM2mDtls.device(credential("deadbeef", "identity", 1));
    ForwardSecrecy.REQUIRED.configure(device.getIncompleteConfig().getConfiguration());

    Loopback.Echo echo = loopback.echoOf(device);

    assertThat(echo.server().get(DtlsEndpointContext.KEY_CIPHER))
        .isEqualTo("TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256");
    assertThat(sessions())
        .extracting(DTLSSession::getEcGroup)
        .containsExactly(SupportedGroup.X25519);
  }

  @Test
  void required_deviceWithoutForwardSecrecy_isRefusedAndReported() {
    start(ForwardSecrecy.REQUIRED);

    assertThat(loopback.echo(device(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8), "hello"))
        .failsWithin(LONG);
    await()
        .untilAsserted(
            () ->
                assertThat(loopback.refusals)
                    .extracting(HandshakeRefusal::reason)
                    .containsExactly(Reason.NO_COMMON_CIPHER_SUITE));
    assertThat(sessions()).isEmpty();
  }

  @Test
  void required_deviceWithOtherCurvesOnly_isRefusedAndReported() {
    start(ForwardSecrecy.REQUIRED);

    assertThat(
            loopback.echo(
                device(
                    List.of(SupportedGroup.secp384r1, SupportedGroup.X448),
                    CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256),
                "hello"))
        .failsWithin(LONG);
    await()
        .untilAsserted(
            () ->
                assertThat(loopback.refusals)
                    .extracting(HandshakeRefusal::reason)
                    .containsExactly(Reason.NO_COMMON_PARAMETERS));
    assertThat(sessions()).isEmpty();
  }

  @Test
  void required_wrongKey_isRefusedAndReported() {
    start(ForwardSecrecy.REQUIRED);
    DtlsConnectorConfig.Builder device =
        Loopback.impatientDevice(credential("deadbeef", "identity", 2));
    ForwardSecrecy.REQUIRED.configure(device.getIncompleteConfig().getConfiguration());

    assertThat(loopback.echo(device, "hello")).failsWithin(LONG);
    await()
        .untilAsserted(
            () ->
                assertThat(loopback.refusals)
                    .extracting(HandshakeRefusal::reason)
                    .contains(Reason.WRONG_KEY));
    assertThat(sessions()).isEmpty();
  }

  @Test
  void preferred_deviceThatPutsPskFirst_hasForwardSecrecy() {
    start(ForwardSecrecy.PREFERRED);

    Loopback.Echo echo =
        loopback.echoOf(
            device(
                List.of(SupportedGroup.secp256r1, SupportedGroup.X25519),
                CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
                CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256));

    assertThat(echo.server().get(DtlsEndpointContext.KEY_CIPHER))
        .isEqualTo("TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256");
    assertThat(sessions())
        .extracting(DTLSSession::getEcGroup)
        .containsExactly(SupportedGroup.X25519);
  }

  @ParameterizedTest
  @EnumSource(
      value = CipherSuite.class,
      names = {"TLS_PSK_WITH_AES_128_CCM_8", "TLS_PSK_WITH_AES_128_CBC_SHA256"})
  void preferred_deviceWithoutForwardSecrecy_isServedToo(CipherSuite suite) {
    start(ForwardSecrecy.PREFERRED);

    Loopback.Echo echo = loopback.echoOf(device(suite));

    assertThat(echo.server().get(DtlsEndpointContext.KEY_CIPHER)).isEqualTo(suite.name());
  }

  @Test
  void preferred_deviceWithOtherCurvesOnly_hasNoForwardSecrecy() {
    start(ForwardSecrecy.PREFERRED);

    Loopback.Echo echo =
        loopback.echoOf(
            device(
                List.of(SupportedGroup.secp384r1),
                CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256,
                CipherSuite.TLS_PSK_WITH_AES_128_CCM_8));

    assertThat(echo.server().get(DtlsEndpointContext.KEY_CIPHER))
        .isEqualTo("TLS_PSK_WITH_AES_128_CCM_8");
  }

  @Test
  void session_isResumedWithItsConnectionId() {
    start(ForwardSecrecy.REQUIRED);
    Loopback.Device device =
        loopback.new Device(device(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256));

    Loopback.Echo full = device.echo("full").join();
    device.resume();
    Loopback.Echo abbreviated = device.echo("abbreviated").join();

    assertThat(full.server().get(DtlsEndpointContext.KEY_READ_CONNECTION_ID).length()).isEqualTo(6);
    assertThat(abbreviated.server().get(DtlsEndpointContext.KEY_CIPHER))
        .isEqualTo("TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256");
    assertThat(loopback.server().counts().fullHandshakes()).isEqualTo(1);
    assertThat(loopback.server().counts().resumedHandshakes()).isEqualTo(1);
  }

  @Test
  void session_isSavedAndGoesOnAtAnotherServer() throws Exception {
    start(ForwardSecrecy.REQUIRED);
    Loopback.Device device =
        loopback.new Device(device(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256));
    device.echo("before").join();

    loopback.startAnew(loopback.stopAndSave());

    assertThat(device.echo("after").join().text()).isEqualTo("after");
    assertThat(loopback.server().counts().fullHandshakes()).isZero();
  }

  @Test
  void handshake_keysAreOurs_onTheThreadsOfTheConnector() {
    List<SupportedGroup> ours = new CopyOnWriteArrayList<>();
    start(
        ForwardSecrecy.REQUIRED,
        config ->
            config.setApplicationLevelInfoSupplier( // called where a handshake is made
                (peer, argument) -> {
                  CURVES.stream().filter(EphemeralKeyTest::areOurs).forEach(ours::add);
                  return null;
                }));

    loopback.echoOf(device(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256));

    assertThat(ours).containsExactlyElementsOf(CURVES);
  }

  /** The server's points, as devices receive them in a ServerKeyExchange (RFC 5489 §2). */
  private static final class Points extends DtlsDatagramFilter {
    private static final int SERVER_KEY_EXCHANGE = 12;
    final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();

    @Override
    public boolean onReceiving(DatagramPacket packet) {
      messages(packet, SERVER_KEY_EXCHANGE, this::add);
      return super.onReceiving(packet);
    }

    private void add(ByteBuffer message) {
      message.position(message.position() + 2 + 3); // an empty hint; the curve
      byte[] point = new byte[message.get()];
      message.get(point);
      seen.add(HexFormat.of().formatHex(point));
    }
  }

  /** Calls with the bodies of the messages of a type that are not encrypted. */
  private static void messages(DatagramPacket packet, int type, Consumer<ByteBuffer> visitor) {
    ByteBuffer data = ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength());
    while (data.remaining() > 13 && data.getShort(data.position() + 3) == 0) { // in epoch 0
      boolean isHandshake = data.get(data.position()) == 22;
      int end = data.position() + 13 + data.getShort(data.position() + 11);
      data.position(data.position() + 13);
      while (isHandshake && data.position() < end) {
        int messageType = data.get(data.position());
        int length = data.getInt(data.position()) & 0xffffff;
        ByteBuffer body = data.duplicate();
        body.position(data.position() + 12);
        if (messageType == type) {
          visitor.accept(body);
        }
        data.position(data.position() + 12 + length);
      }
      data.position(end);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SupportedGroup.class,
      names = {"X25519", "secp256r1"})
  void keys_ofManyHandshakesAtATime_areAllDifferent(SupportedGroup curve) {
    start(ForwardSecrecy.REQUIRED, config -> config.set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 4));
    Points points = new Points();
    List<CompletableFuture<Loopback.Echo>> echoes = new ArrayList<>();

    for (int i = 0; i < 40; i++) {
      store.put(credential("d" + i, "d" + i, i));
      DtlsConnectorConfig.Builder device = LwM2mDtls.device(credential("d" + i, "d" + i, i));
      ForwardSecrecy.REQUIRED.configure(device.getIncompleteConfig().getConfiguration());
      device.set(DtlsConfig.DTLS_CURVES, List.of(curve)).setDatagramFilter(points);
      echoes.add(loopback.echo(device, "hello"));
    }
    echoes.forEach(CompletableFuture::join);

    assertThat(points.seen).hasSize(40).doesNotHaveDuplicates();
  }

  /** Puts another point into the ClientKeyExchanges that a server receives. */
  private static final class Tampering extends DtlsDatagramFilter {
    private static final int CLIENT_KEY_EXCHANGE = 16;
    private final Consumer<byte[]> change;

    Tampering(Consumer<byte[]> change) {
      this.change = change;
    }

    @Override
    public boolean onReceiving(DatagramPacket packet) {
      messages(packet, CLIENT_KEY_EXCHANGE, this::tamper);
      return super.onReceiving(packet);
    }

    private void tamper(ByteBuffer message) {
      int identity = message.getShort();
      message.position(message.position() + identity);
      byte[] point = new byte[message.get()];
      message.duplicate().get(point);
      change.accept(point);
      message.put(point);
    }
  }

  private void assertTamperedIsIllegal(SupportedGroup curve, Consumer<byte[]> change) {
    start(ForwardSecrecy.REQUIRED, config -> config.setDatagramFilter(new Tampering(change)));

    List<AlertDescription> alerts = new CopyOnWriteArrayList<>();
    loopback.server().setAlertHandler((peer, alert) -> alerts.add(alert.getDescription()));

    loopback.echo(
        device(List.of(curve), CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256), "hello");

    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(alerts).containsExactly(AlertDescription.ILLEGAL_PARAMETER));
    assertThat(sessions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"
      })
  void handshake_x25519PointOfSmallOrder_isIllegal(String point) {
    byte[] small = HexFormat.of().parseHex(point);

    assertTamperedIsIllegal(
        SupportedGroup.X25519, sent -> System.arraycopy(small, 0, sent, 0, small.length));
  }

  @Test
  void handshake_p256PointOffTheCurve_isIllegal() {
    assertTamperedIsIllegal(SupportedGroup.secp256r1, sent -> sent[64] ^= 1);
  }

  @Test
  void handshake_p256PointInAnotherFormat_isIllegal() {
    assertTamperedIsIllegal(
        SupportedGroup.secp256r1, sent -> sent[0] = (byte) (6 + (sent[64] & 1)));
  }

  @Test
  void handshake_openssl_hasASessionOfEachCurve() throws Exception {
    assertPeer(SupportedGroup.X25519, openssl("X25519"));
    stop();
    assertPeer(SupportedGroup.secp256r1, openssl("P-256"));
  }

  private static List<String> openssl(String curve) {
    return List.of(
        "openssl",
        "s_client",
        "-dtls1_2",
        "-cipher",
        "ECDHE-PSK-AES128-CBC-SHA256:@SECLEVEL=0",
        "-curves",
        curve,
        "-psk_identity",
        "identity",
        "-psk",
        "c0ffee00000000000000000000000001");
  }

  private void assertPeer(SupportedGroup curve, List<String> command) throws Exception {
    start(ForwardSecrecy.REQUIRED);
    ProcessBuilder peer = DtlsPeer.process(command.toArray(String[]::new));
    if (command.get(0).equals("openssl")) {
      peer.command().addAll(List.of("-connect", DtlsPeer.hostPort(loopback.address())));
    } else {
      peer.command()
          .addAll(
              List.of(
                  "--port",
                  String.valueOf(loopback.address().getPort()),
                  loopback.address().getAddress().getHostAddress()));
    }
    Runnable end = DtlsPeer.started(peer);
    try {
      await()
          .atMost(LONG)
          .untilAsserted(
              () ->
                  assertThat(sessions())
                      .extracting(DTLSSession::getEcGroup)
                      .containsExactly(curve));
    } finally {
      end.run();
    }
    assertThat(sessions())
        .extracting(DTLSSession::getCipherSuite)
        .containsExactly(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256);
    assertThat(loopback.refusals).isEmpty();
  }

  @Test
  void handshake_gnutls_hasASessionOfEachCurve() throws Exception {
    assertPeer(SupportedGroup.X25519, gnutls("X25519"));
    stop();
    assertPeer(SupportedGroup.secp256r1, gnutls("SECP256R1"));
  }

  private static List<String> gnutls(String curve) {
    return List.of(
        "gnutls-cli",
        "--udp",
        "--pskusername",
        "identity",
        "--pskkey",
        "c0ffee00000000000000000000000001",
        "--priority",
        "NONE:+VERS-DTLS1.2:+ECDHE-PSK:+AES-128-CBC:+SHA256:+SIGN-ALL:+GROUP-" + curve);
  }
}
