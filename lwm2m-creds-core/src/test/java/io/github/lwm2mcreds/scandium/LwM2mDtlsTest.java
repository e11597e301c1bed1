// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.time.Duration;
import java.util.List;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.dtls.ExtendedMasterSecretMode;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LwM2mDtlsTest {
  private final InMemoryCredentialStore store = new InMemoryCredentialStore();
  private Loopback loopback;

  @BeforeEach
  void startServer() {
    store.put(credential("deadbeef", "identity", 1));
    loopback = new Loopback(store);
  }

  @AfterEach
  void stop() {
    loopback.close();
  }

  @Test
  void handshake_device_negotiatesCcm8AndEchoes() {
    Loopback.Echo echo =
        loopback.echo(LwM2mDtls.device(credential("deadbeef", "identity", 1)), "hello").join();

    assertThat(echo.text()).isEqualTo("hello");
    assertThat(echo.device().get(DtlsEndpointContext.KEY_CIPHER))
        .isEqualTo("TLS_PSK_WITH_AES_128_CCM_8");
    assertThat(echo.server().get(DtlsEndpointContext.KEY_CIPHER))
        .isEqualTo("TLS_PSK_WITH_AES_128_CCM_8");
    assertThat(echo.server().getPeerIdentity().getName()).isEqualTo("identity");
    assertThat(loopback.refusals).isEmpty();
  }

  @Test
  void handshake_deviceWithCbcOnly_negotiatesCbcAndEchoes() {
    Loopback.Echo echo =
        loopback.echoOf(
            LwM2mDtls.device(credential("deadbeef", "identity", 1))
                .set(
                    DtlsConfig.DTLS_CIPHER_SUITES,
                    List.of(CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256)));

    assertThat(echo.text()).isEqualTo("hello");
    assertThat(echo.server().get(DtlsEndpointContext.KEY_CIPHER))
        .isEqualTo("TLS_PSK_WITH_AES_128_CBC_SHA256");
  }

  @Test
  void handshake_device_hasExtendedMasterSecret() {
    Loopback.Echo echo = loopback.echoOf(LwM2mDtls.device(credential("deadbeef", "identity", 1)));

    assertThat(echo.server().get(DtlsEndpointContext.KEY_EXTENDED_MASTER_SECRET)).isTrue();
    assertThat(echo.device().get(DtlsEndpointContext.KEY_EXTENDED_MASTER_SECRET)).isTrue();
  }

  @Test
  void handshake_deviceWithoutExtendedMasterSecret_isServedToo() {
    Loopback.Echo echo =
        loopback.echoOf(
            LwM2mDtls.device(credential("deadbeef", "identity", 1))
                .set(DtlsConfig.DTLS_EXTENDED_MASTER_SECRET_MODE, ExtendedMasterSecretMode.NONE));

    assertThat(echo.text()).isEqualTo("hello");
    assertThat(echo.server().get(DtlsEndpointContext.KEY_EXTENDED_MASTER_SECRET)).isNull();
  }

  @Test
  void handshake_device_usesTheServersConnectionIdAndGivesNone() {
    Loopback.Echo echo = loopback.echoOf(LwM2mDtls.device(credential("deadbeef", "identity", 1)));

    assertThat(echo.server().get(DtlsEndpointContext.KEY_READ_CONNECTION_ID).length()).isEqualTo(6);
    assertThat(echo.device().get(DtlsEndpointContext.KEY_WRITE_CONNECTION_ID))
        .isEqualTo(echo.server().get(DtlsEndpointContext.KEY_READ_CONNECTION_ID));
    assertThat(echo.device().get(DtlsEndpointContext.KEY_READ_CONNECTION_ID).length()).isZero();
  }

  @Test
  void handshake_deviceWithoutConnectionIds_isServedToo() {
    Loopback.Echo echo =
        loopback.echoOf(
            LwM2mDtls.device(credential("deadbeef", "identity", 1))
                .set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, -1));

    assertThat(echo.text()).isEqualTo("hello");
    assertThat(echo.server().get(DtlsEndpointContext.KEY_READ_CONNECTION_ID)).isNull();
    assertThat(echo.device().get(DtlsEndpointContext.KEY_WRITE_CONNECTION_ID)).isNull();
  }

  @Test
  void handshake_device_isFirstAskedToProveItsAddress() {
    Capture capture = new Capture();
    loopback.echoOf(
        LwM2mDtls.device(credential("deadbeef", "identity", 1)).setDatagramFilter(capture));

    assertThat(capture.records.get(0).type()).isEqualTo(Capture.HANDSHAKE);
    assertThat(capture.records.get(0).messageType()).isEqualTo(Capture.HELLO_VERIFY_REQUEST);
  }

  @Test
  void handshake_rotatedKey_isTheNewOneOnly() {
    store.put(credential("deadbeef", "identity", 2));

    assertThat(
            loopback.echo(Loopback.impatientDevice(credential("deadbeef", "identity", 1)), "old"))
        .failsWithin(Duration.ofSeconds(20));
    assertThat(
            loopback
                .echo(LwM2mDtls.device(credential("deadbeef", "identity", 2)), "new")
                .join()
                .text())
        .isEqualTo("new");
  }

  @Test
  void device_credentialDestroyedAfterwards_keepsItsCopy() {
    var own = credential("deadbeef", "identity", 1);
    var device = LwM2mDtls.device(own);
    own.destroy();

    assertThat(loopback.echoOf(device).text()).isEqualTo("hello");
  }
}
