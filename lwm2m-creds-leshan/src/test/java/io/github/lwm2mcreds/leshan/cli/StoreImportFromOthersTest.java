// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.OTHER_TOKEN;
import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.leshan.migration.RedisServer;
import io.github.lwm2mcreds.leshan.rest.FakeLeshanApi;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.californium.scandium.dtls.pskstore.MultiPskFileStore;
import org.eclipse.leshan.servers.security.FileSecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreImportFromOthersTest {
  private static final String PASSWORD = "a pass wörd";

  @TempDir private Path folder;
  private TestStore store;

  @BeforeEach
  void init() {
    store = TestStore.init(folder);
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private String write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static byte[] key(String token) {
    return HexFormat.of().parseHex(token);
  }

  private Cli run(String... args) {
    Cli run = store.run("import", args);
    assertThat(run.out() + run.err()).doesNotContain(TOKEN, OTHER_TOKEN, PASSWORD, "unexpected");
    return run;
  }

  private void assertHas(String endpoint, String token, String identity) {
    assertThat(store.run("show", endpoint, "--reveal", "--yes").out()).contains(token, identity);
  }

  private String leshanFile() throws Exception {
    FileSecurityStore infos = new FileSecurityStore(file("security.data"));
    infos.add(SecurityInfo.newPreSharedKeyInfo("a", "id-a", key(TOKEN)));
    infos.add(SecurityInfo.newX509CertInfo("cert"));
    infos.add(SecurityInfo.newPreSharedKeyInfo("weak", "weak", new byte[16]));
    return file("security.data");
  }

  private String scandiumFile(boolean encrypted) {
    MultiPskFileStore keys =
        new MultiPskFileStore()
            .addKey("a", new SecretKeySpec(key(TOKEN), "PSK"))
            .addKey("b", new SecretKeySpec(key(OTHER_TOKEN), "PSK"));
    byte[] secret = PASSWORD.getBytes(StandardCharsets.UTF_8);
    if (encrypted) {
      keys.savePskCredentials(file("psk.enc"), new SecretKeySpec(secret, "PW"));
      return file("psk.enc");
    }
    keys.savePskCredentials(file("psk.txt"));
    return file("psk.txt");
  }

  @Test
  void leshanFile_isRecognised_andItsDevicesAreTakenOrNamed() throws Exception {
    Cli run = run(leshanFile());

    assertThat(run.code()).as(run::err).isEqualTo(3);
    assertThat(run.out())
        .containsPattern("a +[0-9a-f]{8}  identity 'id-a'  added\n")
        .containsPattern(
            "cert +\\(no key\\)  unreadable  .*security.data, entry \\d: it uses an X.509"
                + " certificate instead of PSK\n")
        .containsPattern("weak +[0-9a-f]{8}  weak  .*\\(--allow-weak-keys\\)\n")
        .endsWith("security.data: 1 added, 1 weak, 1 unreadable\n");
    assertHas("a", TOKEN, "id-a");
    assertThat(run(leshanFile(), "--from", "leshan-file", "--format", "json").out())
        .contains("\"reason\":\"OTHER_MODE\"")
        .contains("\"outcome\":\"unchanged\"");
  }

  @Test
  void plainScandiumFile_isNotGuessed_butTakenWhereItIsTold() throws Exception {
    String file = scandiumFile(false);

    Cli guessed = run(file);
    Cli told = run(file, "--from", "scandium-psk-file");

    assertThat(guessed.code()).isEqualTo(2);
    assertThat(guessed.err()).contains("--from scandium-psk-file or --from manifest");
    assertThat(told.code()).as(told::err).isZero();
    assertHas("a", TOKEN, "a");
    assertHas("b", OTHER_TOKEN, "b");
  }

  @Test
  void encryptedScandiumFile_isRecognised_andNeedsItsPassword() throws Exception {
    String file = scandiumFile(true);
    String password = "@" + write("password", PASSWORD + "\n");
    String wrong = "@" + write("wrong", "another\n");

    Cli without = run(file);
    Cli withWrong = run(file, "--source-passphrase", wrong);
    Cli with = run(file, "--source-passphrase", password);

    assertThat(without.code()).isEqualTo(2);
    assertThat(without.err()).contains("needs its password (--source-passphrase)");
    assertThat(withWrong.code()).isEqualTo(2);
    assertThat(withWrong.err()).contains("the password is wrong");
    assertThat(with.code()).as(with::err).isZero();
    assertHas("b", OTHER_TOKEN, "b");
  }

  @Test
  void endpoints_ofAList_areThoseOfTheIdentities() throws Exception {
    String list = write("list.csv", "endpoint,pskIdentity\nurn:dev:a,a\n");

    Cli run = run(scandiumFile(false), "--from", "scandium-psk-file", "--endpoints", list);

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).contains("line 2: no endpoint is known for its PSK identity");
    assertHas("urn:dev:a", TOKEN, "a");
    String twice = write("twice.csv", "endpoint,pskIdentity\nx,a\ny,a\n");
    Cli ambiguous = run(scandiumFile(false), "--from", "scandium-psk-file", "--endpoints", twice);
    assertThat(ambiguous.code()).isEqualTo(2);
    assertThat(ambiguous.err())
        .contains("line 3: the identity 'a' is of two endpoints, 'x' and 'y'");
  }

  @Test
  void thingsBoardFile_isRecognised_andItsColumnsMayBeNamed() throws Exception {
    String known =
        write(
            "known.csv",
            "name,LWM2M_CLIENT_ENDPOINT,LWM2M_CLIENT_SECURITY_CONFIG_MODE,LWM2M_CLIENT_IDENTITY,"
                + "LWM2M_CLIENT_KEY\nn,a,PSK,id-a,"
                + TOKEN
                + "\nn,x,NO_SEC,,\n");
    String own = write("own.csv", "device,mode,identity,key\nb,PSK,id-b," + OTHER_TOKEN + "\n");

    Cli recognised = run(known);
    Cli named =
        run(own, "--from", "thingsboard", "--column", "endpoint=device", "--column", "mode=mode");

    assertThat(recognised.code()).as(recognised::err).isEqualTo(3);
    assertThat(recognised.out()).contains("line 3: it uses NO_SEC instead of PSK");
    assertHas("a", TOKEN, "id-a");
    assertThat(named.code()).as(named::err).isZero();
    assertHas("b", OTHER_TOKEN, "id-b");
    assertThat(run(own, "--from", "thingsboard", "--column", "foo=bar").code()).isEqualTo(2);
  }

  /** Some are on disk before the end is known to be missing, which their report says as well. */
  @Test
  void fileThatIsCut_hasARowForEachDeviceThatIsStored_andCountsOfItsOwn() throws Exception {
    SecureRandom random = new SecureRandom();
    SecurityInfo[] infos = new SecurityInfo[25_000];
    for (int i = 0; i < infos.length; i++) {
      byte[] key = new byte[16];
      random.nextBytes(key);
      infos[i] = SecurityInfo.newPreSharedKeyInfo("dev-" + i, "dev-" + i, key);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(whole)) {
      objects.writeObject(infos);
    }
    Path cut = Path.of(file("cut.data"));
    Files.write(cut, Arrays.copyOf(whole.toByteArray(), whole.size() - 100));
    String other = write("lot.csv", "endpoint,psk\na," + TOKEN + "\n");

    Cli run = run(cut.toString(), other);

    long stored = store.run("list").out().lines().filter(row -> row.startsWith("dev-")).count();
    assertThat(stored).isPositive();
    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err()).contains("cut.data: the file ends too early");
    assertThat(run.out().lines().filter(row -> row.matches("dev-.* added"))).hasSize((int) stored);
    assertThat(run.out())
        .contains("cut.data: " + stored + " added; it cannot be read further\n")
        .contains("lot.csv: 1 added\n")
        .endsWith("in all: " + (stored + 1) + " added\n");
  }

  @Test
  void endpoint_withTwoKeys_isNotTaken() throws Exception {
    String file = write("psk.txt", "a=:0x" + TOKEN + "\na=:0x" + OTHER_TOKEN + "\n");

    Cli run = run(file, "--from", "scandium-psk-file");

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).contains("ambiguous  " + file + ", line 1").contains("line 2");
    assertThat(store.run("list").out()).isEmpty();
  }

  @Test
  void leshanServer_isReadByItsApi() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      LeshanSecurityApi.builder(server.uri())
          .build()
          .put(DeviceCredential.of("a", PreSharedKey.copyOf(key(TOKEN))));
      server.hold("rpk", "rpk");

      Cli run = run("--from", "leshan-server", "--server", server.uri().toString());

      assertThat(run.code()).as(run::err).isEqualTo(3);
      assertThat(run.out()).contains("it uses a raw public key instead of PSK");
      assertHas("a", TOKEN, "a");
    }
  }

  @Test
  void redis_isReadWithItsPassword() throws Exception {
    Path own = Files.createDirectory(folder.resolve("redis"));
    try (RedisServer redis = RedisServer.start(own)) {
      String info = "{\"ep\":\"a\",\"id\":\"id-a\",\"psk\":\"" + TOKEN + "\"}";
      redis.send("SET", "SEC#EP#a", info);
      redis.send("CONFIG", "SET", "requirepass", PASSWORD);
      String password = "@" + write("password", PASSWORD + "\n");
      String url = "redis://127.0.0.1:" + redis.port() + "/0";

      Cli without = run("--from", "leshan-redis", "--redis", url);
      Cli with = run("--from", "leshan-redis", "--redis", url, "--redis-password", password);

      assertThat(without.code()).isEqualTo(1);
      assertThat(without.err()).contains(url + ": Redis refused: NOAUTH");
      assertThat(with.code()).as(with::err).isZero();
      assertHas("a", TOKEN, "id-a");
    }
  }

  @Test
  void server_withFiles_orWithoutItsAddress_isRefused() {
    assertThat(run("--from", "leshan-server").err()).contains("needs --server URL");
    assertThat(run("--from", "leshan-redis").err()).contains("needs --redis URL");
    assertThat(run("--from", "leshan-server", "x.csv").err()).contains("without FILE");
    assertThat(run().err()).contains("missing: FILE");
    assertThat(run("--from", "leshan-redis", "--redis", "redis://:secret@localhost").err())
        .contains("with the password in --redis-password")
        .doesNotContain("secret@");
    assertThat(run("--from", "nothing", "x.csv").code()).isEqualTo(2);
  }

  @Test
  void fileThatIsMissing_isNamed_andTheOthersAreTaken() throws Exception {
    Cli run = run(file("none.data"), leshanFile(), "--from", "leshan-file");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("none.data: no such file");
    assertHas("a", TOKEN, "id-a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--source-passphrase=@no-such-file",
        "--endpoints=no-such-file",
        "--column=key=PSK",
        "--redis=rediss://localhost",
        "--redis-prefix=SEC#",
      })
  void optionOfAnotherSystem_withAManifest_isRefused(String option) throws Exception {
    Path manifest = Files.writeString(folder.resolve("lot.csv"), "endpoint,psk\na," + TOKEN + "\n");

    Cli run = store.run("import", manifest.toString(), option);

    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err()).contains(option.split("=")[0].replace("-prefix", ""), "--from ");
    assertThat(store.run("list").out()).isEmpty();
  }
}
