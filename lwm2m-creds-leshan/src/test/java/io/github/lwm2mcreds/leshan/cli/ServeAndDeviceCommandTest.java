// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.leshan.firmware.TestImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What serve and device refuse before they start; {@link RunnableJarIT} runs them. */
class ServeAndDeviceCommandTest {
  @TempDir Path folder;

  @Test
  void serve_builtInKey_isRefused() {
    String file =
        generate("cred.bin", "-did", "deadbeef", "-dtok", "000102030405060708090a0b0c0d0e0f");

    Cli run = Cli.run("serve", "--coaps-port", "0", "--partition", file);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("built-in key", "--allow-weak-keys").doesNotContain("00010203");
  }

  @Test
  void serve_malformedPartition_isRefused() {
    String file = generate("cred.bin", "-did", "ep", "--force");

    Cli run = Cli.run("serve", "--coaps-port", "0", "--partition", file);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("device token is empty");
  }

  @Test
  void serve_twoKeysForOneEndpoint_isRefused() {
    String first = generate("a.bin", "-did", "ep", "--generate-token");
    String second = generate("b.bin", "-did", "ep", "--generate-token");

    Cli run = Cli.run("serve", "--coaps-port", "0", "--partition", first, second);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("b.bin", "another key");
  }

  @Test
  void serve_badPortOrHost_isRefused() {
    String file = generate("cred.bin", "-did", "ep", "--generate-token");

    assertThat(Cli.run("serve", "--coaps-port", "65536", "--partition", file).code()).isEqualTo(2);
    assertThat(Cli.run("serve", "--coaps-port", "x", "--partition", file).code()).isEqualTo(2);
    assertThat(Cli.run("serve", "--partition", folder.resolve("no").toString()).code())
        .isEqualTo(2);
  }

  @Test
  void serve_neitherOrBothOfStoreAndPartition_isRefused() {
    String file = generate("cred.bin", "-did", "ep", "--generate-token");

    for (Cli run :
        List.of(Cli.run("serve"), Cli.run("serve", "--store", "sqlite:x", "--partition", file))) {
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.errLines()).containsExactly("serve: give either --store or --partition");
    }
  }

  @Test
  void serve_refusingNewcomers_needsAStoreAndATime() {
    assertThat(Cli.run("serve", "--partition", "cred.bin", "--refuse-newcomers-after", "5m").err())
        .contains("--refuse-newcomers-after needs --store");
    TestStore store = TestStore.init(folder);
    assertThat(
            Cli.run(
                    "serve",
                    "--store",
                    "sqlite:" + store.file(),
                    "--refuse-newcomers-after",
                    "soon")
                .err())
        .contains("--refuse-newcomers-after must be a time such as");
  }

  @Test
  void serve_keepingItsSessions_needsAStoreAndAFolder() {
    assertThat(Cli.run("serve", "--partition", "cred.bin", "--sessions", "sessions").errLines())
        .containsExactly("serve: --sessions needs --store, whose sealing key seals the file");
    TestStore store = TestStore.init(folder);
    String at = "sqlite:" + store.file();
    assertThat(Cli.run("serve", "--store", at, "--sessions=s", "--sessions-every=1").err())
        .contains("--sessions-every must be a time such as");
    Path nowhere = folder.resolve("nowhere").resolve("sessions");
    Cli run = Cli.run("serve", "--coaps-port=0", "--store", at, "--sessions", nowhere.toString());
    assertThat(run.code()).isNotZero();
    assertThat(run.err()).contains(nowhere + ": cannot be written: ");
  }

  @Test
  void serve_firmwareThatIsNoneOrForNobody_isRefused() throws Exception {
    Path file = folder.resolve("app.bin");
    Files.write(file, new byte[5000]);
    assertThat(Cli.run("serve", "--partition=x", "--firmware=" + file).errLines())
        .containsExactly("serve: --firmware and --firmware-for need each other");
    assertThat(Cli.run("serve", "--partition=x", "--firmware=" + file, "--firmware-for=all").err())
        .contains("it is no MCUboot image");
    byte[] altered = TestImages.image(1, 100);
    altered[600]++;
    Files.write(file, altered);
    assertThat(Cli.run("serve", "--partition=x", "--firmware=" + file, "--firmware-for=all").err())
        .contains("it was altered");
  }

  @Test
  void device_firmwareThatIsNone_isRefused() throws Exception {
    String file = generate("cred.bin", "-did", "ep", "--generate-token");
    Path flash = folder.resolve("flash.bin");
    Files.write(flash, new byte[100]);
    assertThat(
            Cli.run("device", file, "--server=coaps://127.0.0.1:5684", "--firmware=" + flash).err())
        .contains("flash.bin: it is no MCUboot image");
    assertThat(
            Cli.run(
                    "device",
                    file,
                    "--server=coaps://127.0.0.1:5684",
                    "--once",
                    "--firmware=" + flash)
                .err())
        .contains("leave one out");
  }

  @Test
  void serve_forwardSecretInAnotherWay_isRefused() {
    assertThat(Cli.run("serve", "--partition", "cred.bin", "--forward-secret=always").err())
        .contains("--forward-secret", "required", "preferred");
  }

  @Test
  void serve_metricsAtNoAddress_isRefused() {
    for (String address : List.of("x", "65536", "::1:9464", "[::1:9464", "9464:", "a:b:1", "-1")) {
      assertThat(Cli.run("serve", "--partition", "cred.bin", "--metrics=" + address).errLines())
          .as(address)
          .containsExactly(
              "serve: --metrics must be a port, or such as 0.0.0.0:9464 or [::1]:9464");
    }
    assertThat(Cli.run("serve", "--partition", "cred.bin", "--metrics=no.such.invalid:1").err())
        .contains("--metrics: cannot resolve no.such.invalid");
  }

  @Test
  void serve_whatOpensAStoreWithoutTheStore_isRefused() {
    assertThat(Cli.run("serve", "--partition", "cred.bin", "--wrapping-key", "x").errLines())
        .containsExactly("serve: missing: --store STORE (try --help)");
  }

  @Test
  void device_thatDoesNotStart_isRefused() {
    String file = generate("cred.bin", "-did", "ep", "--force");

    Cli run = Cli.run("device", file, "--server", "coaps://127.0.0.1:5684", "--once");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("does not start");
  }

  @Test
  void device_badServerUri_isRefused() {
    String file = generate("cred.bin", "-did", "ep", "--generate-token");

    for (String uri : new String[] {"coap://127.0.0.1:5683", "127.0.0.1", "coaps://", "c oaps"}) {
      assertThat(Cli.run("device", file, "--server", uri, "--once").code()).as(uri).isEqualTo(2);
    }
  }

  @Test
  void demo_showsTheWholeWay_andKeepsTheFileOnRequest() {
    Path file = folder.resolve("cred.bin");

    Cli run = Cli.run("demo", "--output", file.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("generate", "write", "inspect", "serve", "boot", "read", "wrong key")
        .contains("TLS_PSK_WITH_AES_128_CCM_8")
        .endsWith("done" + System.lineSeparator());
    assertThat(Files.exists(file)).isTrue();
    assertThat(Cli.run("inspect", file.toString()).code()).isZero();
  }

  @Test
  void demo_whereAFileIs_isRefused_andTheFileStays() throws Exception {
    String file = generate("cred.bin", "-did", "precious", "--generate-token");
    byte[] before = Files.readAllBytes(Path.of(file));

    Cli run = Cli.run("demo", "--output", file);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("already exists", "'precious'");
    assertThat(Path.of(file)).hasBinaryContent(before);
  }

  private String generate(String name, String... options) {
    String file = folder.resolve(name).toString();
    String[] args = new String[options.length + 3];
    args[0] = "gen-cred-partition";
    System.arraycopy(options, 0, args, 1, options.length);
    args[args.length - 2] = "-o";
    args[args.length - 1] = file;
    assertThat(Cli.run(args).code()).isZero();
    return file;
  }
}
