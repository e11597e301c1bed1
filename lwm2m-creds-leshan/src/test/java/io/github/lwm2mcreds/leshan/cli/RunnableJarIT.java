// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.Peers;
import io.github.lwm2mcreds.leshan.firmware.TestImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The runnable jar in processes of its own, with other DTLS stacks for peers. */
class RunnableJarIT {
  private static final String TOKEN = "3f9a1c77e05b42d8a6c4119e8d02b75f";
  private static final String OTHER_TOKEN = "5c1d9e24b7308f6a21f0c3d5964e8ba7";

  @TempDir static Path folder;

  private final List<Child> children = new ArrayList<>();

  @BeforeEach
  void generate() {
    String file = folder.resolve("cred.bin").toString();
    Cli.run("gen-cred-partition", "-did", "sensor-1", "-dtok", TOKEN, "-o", file);
    Cli.run("gen-cred-partition", "-did", "sensor-1", "-dtok", OTHER_TOKEN, "-o", file + ".wrong");
  }

  @AfterEach
  void stop() {
    children.forEach(Child::close);
  }

  @Test
  void demo_endsWell_andLeavesNothingBehind() throws Exception {
    Child demo = jar("demo");

    assertThat(demo.awaitEnd()).as(demo::output).isZero();
    assertThat(demo.output()).contains("TLS_PSK_WITH_AES_128_CCM_8").endsWith("done");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).noneMatch(file -> file.getFileName().toString().contains("demo"));
    }
  }

  @Test
  void version_isTheProjects() throws Exception {
    Child version = jar("--version");

    assertThat(version.awaitEnd()).isZero();
    assertThat(version.output()).matches("lwm2m-creds \\d+\\.\\d+\\.\\d+.*");
  }

  @Test
  void serve_takesTheDevice_refusesAnother_andStopsCleanlyOnSigterm() throws Exception {
    Child serve = jar("serve", "--coaps-port", "0", "--partition", "cred.bin");
    String uri = uri(serve);

    Child device = jar("device", "cred.bin", "--server", uri, "--once");
    assertThat(device.awaitEnd()).as(device::output).isZero();
    assertThat(device.output()).isEqualTo("registered as sensor-1 with " + uri);
    serve.awaitLine("registered sensor-1"::equals);
    serve.awaitLine("deregistered sensor-1"::equals);

    Child impostor = jar("device", "cred.bin.wrong", "--server", uri, "--once", "--timeout", "3");
    serve.awaitLine(l -> l.startsWith("refused handshake: wrong key for PSK identity 'sensor-1'"));
    assertThat(impostor.awaitEnd()).isEqualTo(1);
    assertThat(impostor.output().lines()).hasSize(1);

    serve.terminate();
    assertThat(serve.awaitEnd()).isZero();
    assertThat(serve.output()).endsWith("stopped");
  }

  @Test
  void serve_toldToStopAsSoonAsItListens_stopsCleanly() throws Exception {
    Child serve = jar("serve", "--coaps-port", "0", "--partition", "cred.bin");
    uri(serve);

    serve.terminate();

    assertThat(serve.awaitEnd()).isZero();
    assertThat(serve.output()).endsWith("stopped");
  }

  @Test
  void device_withoutOnce_runsUntilSigtermAndDeregisters() throws Exception {
    Child serve = jar("serve", "--coaps-port", "0", "--partition", "cred.bin");
    Child device = jar("device", "cred.bin", "--server", uri(serve));
    serve.awaitLine("registered sensor-1"::equals);
    device.awaitLine(line -> line.startsWith("registered as sensor-1"));

    device.terminate();

    assertThat(device.awaitEnd()).isZero();
    serve.awaitLine("deregistered sensor-1"::equals);
  }

  @Test
  void serve_withFirmware_pushesItAndTheDeviceStartsIt() throws Exception {
    byte[] image = TestImages.image(2, 20_000);
    Files.write(folder.resolve("app.bin"), image);
    Child serve =
        jar(
            "serve",
            "--coaps-port=0",
            "--partition=cred.bin",
            "--firmware=app.bin",
            "--firmware-for=sensor-1");
    Child device = jar("device", "cred.bin", "--server", uri(serve), "--firmware", "flash.bin");

    serve.awaitLine("pushing firmware to sensor-1, which runs 0.0.0"::equals);
    serve.awaitLine("firmware is whole and started on sensor-1"::equals);
    device.awaitLine(line -> line.startsWith("received firmware, version 2.2.3+4, 20588 bytes"));
    device.awaitLine("started firmware 2.2.3+4"::equals);
    assertThat(folder.resolve("flash.bin")).hasBinaryContent(image);
  }

  @Test
  void serve_portInUse_failsInOneLine() throws Exception {
    Child serve = jar("serve", "--coaps-port", "0", "--partition", "cred.bin");
    String port = port(uri(serve));

    Child second = jar("serve", "--coaps-port", port, "--partition", "cred.bin");

    assertThat(second.awaitEnd()).isEqualTo(1);
    assertThat(second.output()).contains("cannot listen").doesNotContain("\tat ");
    assertThat(second.output().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"PSK-AES128-CCM8", "PSK-AES128-CBC-SHA256"})
  void openSsl_withTheKey_getsASession(String cipher) throws Exception {
    Peers.require("openssl");
    Child serve = jar("serve", "--coaps-port", "0", "--partition", "cred.bin");

    Child client = openSsl(uri(serve), "sensor-1", TOKEN, cipher);

    client.awaitLine(line -> line.contains("Cipher is " + cipher));
    client.awaitLine(line -> line.contains("Extended master secret: yes"));
  }

  @Test
  void openSsl_withWrongKeyOrIdentity_getsNoSession() throws Exception {
    Peers.require("openssl");
    Child serve = jar("serve", "--coaps-port", "0", "--partition", "cred.bin");
    String uri = uri(serve);

    Child wrongKey = openSsl(uri, "sensor-1", OTHER_TOKEN, "PSK-AES128-CCM8");
    serve.awaitLine(l -> l.startsWith("refused handshake: wrong key for PSK identity 'sensor-1'"));
    Child unknown = openSsl(uri, "sensor-2", TOKEN, "PSK-AES128-CCM8");
    serve.awaitLine(l -> l.startsWith("refused handshake: unknown PSK identity 'sensor-2'"));

    for (Child client : List.of(wrongKey, unknown)) {
      assertThat(client.output()).doesNotContain("Cipher is PSK");
    }
  }

  @Test
  void openSsl_withTheKeysDigitsAsKey_isRefusedWithAHint() throws Exception {
    Peers.require("openssl");
    Child serve = jar("serve", "--coaps-port", "0", "--partition", "cred.bin");
    String digits = HexFormat.of().formatHex(TOKEN.getBytes(US_ASCII));

    openSsl(uri(serve), "sensor-1", digits, "PSK-AES128-CCM8");

    serve.awaitLine(
        l ->
            l.endsWith(
                "; the device seems to use the key's hex digits as text (it has to decode them)"));
  }

  @Test
  void openSsl_withoutACommonCipherSuite_isRefused() throws Exception {
    Peers.require("openssl");
    Child serve = jar("serve", "--coaps-port", "0", "--partition", "cred.bin");

    openSsl(uri(serve), "sensor-1", TOKEN, "PSK-AES256-GCM-SHA384");

    serve.awaitLine(
        l ->
            l.startsWith("refused handshake: no common cipher suite from 127.0.0.1:")
                && l.endsWith("; the device offers TLS_PSK_WITH_AES_256_GCM_SHA384"));
  }

  @ParameterizedTest
  @CsvSource({"TLS_PSK_WITH_AES_128_CCM_8", "TLS_PSK_WITH_AES_128_CBC_SHA256"})
  void bouncyCastle_withTheKey_isAnswered(String suite) throws Exception {
    Child serve = jar("serve", "--coaps-port", "0", "--partition", "cred.bin");
    int port = Integer.parseInt(port(uri(serve)));

    assertThat(BouncyCastleDevice.ping(port, suite, "sensor-1", TOKEN)).isTrue();
  }

  @Test
  void bouncyCastle_whereForwardSecrecyIsRequired_isAnsweredWithItOnly() throws Exception {
    Child serve = jar("serve", "--forward-secret", "--coaps-port", "0", "--partition", "cred.bin");
    int port = Integer.parseInt(port(uri(serve)));

    assertThat(
            BouncyCastleDevice.ping(
                port, "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256", "sensor-1", TOKEN))
        .isTrue();
    BouncyCastleDevice.beRefused(port, "TLS_PSK_WITH_AES_128_CCM_8", "sensor-1", TOKEN, true);
    serve.awaitLine(
        l ->
            l.startsWith("refused handshake: no common cipher suite from 127.0.0.1:")
                && l.endsWith("; the device offers TLS_PSK_WITH_AES_128_CCM_8"));
  }

  @Test
  void bouncyCastle_withWrongKey_getsNoSession() throws Exception {
    Child serve = jar("serve", "--coaps-port", "0", "--partition", "cred.bin");
    int port = Integer.parseInt(port(uri(serve)));

    assertThat(BouncyCastleDevice.ping(port, "TLS_PSK_WITH_AES_128_CCM_8", "sensor-1", OTHER_TOKEN))
        .isFalse();
    serve.awaitLine(l -> l.startsWith("refused handshake: wrong key for PSK identity 'sensor-1'"));
  }

  private Child jar(String... args) {
    Child child = Child.startJar(folder, args);
    children.add(child);
    return child;
  }

  private Child openSsl(String uri, String identity, String key, String cipher) {
    Child child =
        Child.start(
            folder,
            "openssl",
            "s_client",
            "-dtls1_2",
            "-connect",
            "127.0.0.1:" + port(uri),
            "-psk_identity",
            identity,
            "-psk",
            key,
            "-cipher",
            cipher);
    children.add(child);
    return child;
  }

  private static String uri(Child serve) throws InterruptedException {
    String line = serve.awaitLine(l -> l.startsWith("listening on coaps://127.0.0.1:"));
    return line.substring("listening on ".length());
  }

  private static String port(String uri) {
    return uri.substring(uri.lastIndexOf(':') + 1);
  }
}
