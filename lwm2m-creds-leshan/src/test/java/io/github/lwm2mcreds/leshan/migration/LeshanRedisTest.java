// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import static io.github.lwm2mcreds.leshan.migration.Entries.all;
import static io.github.lwm2mcreds.leshan.migration.Entries.credential;
import static io.github.lwm2mcreds.leshan.migration.Entries.credentials;
import static io.github.lwm2mcreds.leshan.migration.Entries.key;
import static io.github.lwm2mcreds.leshan.migration.Entries.notTaken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.leshan.migration.SourceException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Redis, in which a Leshan's own {@code RedisSecurityStore} wrote. */
class LeshanRedisTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"1.5.0", "2.0.0-M15"})
  void redis_ofAnOlderLeshan_hasItsKeysAndNamesTheRest(String version) throws Exception {
    try (RedisServer redis = RedisServer.start(folder);
        OlderLeshan leshan = OlderLeshan.of(version)) {
      leshan.saveToRedis(
          redis.port(),
          leshan.psk("dev-1", "id-1", key(1)),
          leshan.psk("é😀/*", "id-2", key(2)),
          leshan.psk("weak", "weak", new byte[16]),
          leshan.rawPublicKey(
              "rpk", KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic()),
          leshan.x509("cert"));
      redis.send("SET", "EP#other", "not Leshan's");

      List<SourceEntry> entries = all(redis.source().open());

      assertThat(credentials(entries))
          .containsExactlyInAnyOrder(
              credential("dev-1", "id-1", 1), credential("é😀/*", "id-2", 2));
      assertThat(notTaken(entries))
          .containsExactlyInAnyOrder("weak WEAK_KEY", "rpk OTHER_MODE", "cert OTHER_MODE");
    }
  }

  @Test
  void redis_ofTheBuilderOfLeshan2_hasItsKeys() throws Exception {
    try (RedisServer redis = RedisServer.start(folder);
        OlderLeshan leshan = OlderLeshan.of("2.0.0-M15")) {
      leshan.saveToRedisByBuilder(redis.port(), leshan.psk("dev-1", "id-1", key(1)));

      assertThat(credentials(all(redis.source().open())))
          .containsExactly(credential("dev-1", "id-1", 1));
    }
  }

  @Test
  void manyInfos_areEachFoundOnce() throws Exception {
    int count = 3_000;
    try (RedisServer redis = RedisServer.start(folder);
        OlderLeshan leshan = OlderLeshan.of("2.0.0-M15")) {
      List<Object> infos = new ArrayList<>();
      List<DeviceCredential> expected = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        infos.add(leshan.psk("dev-" + i, "id-" + i, key(i)));
        expected.add(credential("dev-" + i, "id-" + i, i));
      }
      leshan.saveToRedis(redis.port(), infos.toArray());

      List<SourceEntry> entries = all(redis.source().open());

      assertThat(credentials(entries)).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(entries.get(count - 1).number()).isEqualTo(count);
    }
  }

  @Test
  void valuesOfEveryKind_areTakenOrNamed() throws Exception {
    try (RedisServer redis = RedisServer.start(folder)) {
      String prefix = "SECSTORE#SEC#EP#";
      redis.send("SET", prefix + "text", "nothing");
      redis.send("SET", prefix + "array", "[]");
      redis.send("SET", prefix + "broken", "{\"ep\":\"broken\",\"psk\":\"0102");
      redis.send("SET", prefix + "other", "{\"ep\":\"another\",\"id\":\"i\",\"psk\":\"01\"}");
      redis.send("SET", prefix + "nameless", "{\"id\":\"i\",\"psk\":\"01\"}");
      redis.send("SET", prefix + "keyless", "{\"ep\":\"keyless\",\"id\":\"i\"}");
      redis.send("SET", prefix + "nohex", "{\"ep\":\"nohex\",\"id\":\"i\",\"psk\":\"xyz\"}");
      redis.send("SET", prefix + "both", "{\"ep\":\"both\",\"psk\":\"01\",\"x509\":true}");
      redis.send("RPUSH", prefix + "list", "1");

      List<SourceEntry> entries = all(redis.source().open());

      assertThat(notTaken(entries))
          .containsExactlyInAnyOrder(
              "text MALFORMED",
              "array MALFORMED",
              "broken MALFORMED",
              "other MALFORMED",
              "nameless NO_ENDPOINT",
              "keyless NO_KEY",
              "nohex INVALID_VALUE",
              "both OTHER_MODE",
              "list MALFORMED");
      assertThat(entries.toString()).doesNotContain("0102");
    }
  }

  @Test
  void infosOfTwoStores_areRefusedUnlessOneIsChosen() throws Exception {
    try (RedisServer redis = RedisServer.start(folder);
        OlderLeshan older = OlderLeshan.of("1.5.0");
        OlderLeshan newer = OlderLeshan.of("2.0.0-M15")) {
      older.saveToRedis(redis.port(), older.psk("dev", "old", key(1)));
      newer.saveToRedisByBuilder(redis.port(), newer.psk("dev", "new", key(2)));

      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(() -> redis.source().open())
          .withMessageContaining("SECSTORE#SEC#EP# and with SEC#EP#")
          .extracting(SourceException::reason)
          .isEqualTo(Reason.AMBIGUOUS);
      assertThat(credentials(all(redis.source().prefix("SEC#EP#").open())))
          .containsExactly(credential("dev", "old", 1));
      assertThat(credentials(all(redis.source().prefix("SECSTORE#SEC#EP#").open())))
          .containsExactly(credential("dev", "new", 2));
    }
  }

  @Test
  void prefix_isNoPattern() throws Exception {
    try (RedisServer redis = RedisServer.start(folder)) {
      redis.send("SET", "a*[x]?\\dev", "{}");
      redis.send("SET", "abx1\\dev", "{}");

      assertThat(all(redis.source().prefix("a*[x]?\\").open())).hasSize(1);
    }
  }

  @Test
  void password_opensRedis_andIsAskedFor() throws Exception {
    try (RedisServer redis =
        RedisServer.start(folder, "--requirepass", "secret wörd", "--databases", "4")) {
      assertThat(all(redis.source().password("secret wörd".toCharArray()).database(3).open()))
          .isEmpty();
      assertThat(all(redis.source().user("default").password("secret wörd".toCharArray()).open()))
          .isEmpty();
      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(() -> redis.source().open())
          .withMessageContaining("NOAUTH");
      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(() -> redis.source().password("wrong".toCharArray()).open())
          .withMessageContaining("WRONGPASS");
    }
  }

  @Test
  void anotherMachine_withoutTls_isRefused() {
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> LeshanRedis.builder("192.0.2.1", 6379).plain().open())
        .withMessageContaining("in clear");
  }

  @Test
  void serverThatIsNoRedis_isNamed() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> answered =
          CompletableFuture.runAsync(
              () -> {
                try (Socket client = other.accept()) {
                  client.getInputStream().read();
                  client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });

      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(() -> LeshanRedis.builder("127.0.0.1", other.getLocalPort()).plain().open())
          .extracting(SourceException::reason)
          .isEqualTo(Reason.OTHER_FORMAT);
      answered.join();
    }
  }
}
