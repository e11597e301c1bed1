// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.key;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.security.auth.DestroyFailedException;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScandiumPskStoreTest {
  private static final PskIdentity FF = PskIdentity.ofBytes(new byte[] {'a', (byte) 0xff});
  private static final PskIdentity FE = PskIdentity.ofBytes(new byte[] {'a', (byte) 0xfe});

  private final InMemoryCredentialStore store = new InMemoryCredentialStore();
  private final ScandiumPskStore pskStore = new ScandiumPskStore(store);

  @Test
  void request_knownIdentity_givesItsKey() {
    store.put(credential("deadbeef", "identity", 1));

    PskSecretResult result = request(pskStore, "identity".getBytes(UTF_8));

    assertThat(result.isPskSecret()).isTrue();
    assertThat(result.getSecret().getEncoded()).isEqualTo(key(1).exposeBytes());
    assertThat(result.getPskPublicInformation().getPublicInfoAsString()).isEqualTo("identity");
  }

  @Test
  void request_identityThatIsNotUtf8_isNormalisedToItsOwnString() {
    store.put(credential("a", FF, 1));
    store.put(credential("b", FE, 2));

    PskSecretResult first = request(pskStore, FF.toBytes());
    PskSecretResult second = request(pskStore, FE.toBytes());

    assertThat(first.getSecret().getEncoded()).isEqualTo(key(1).exposeBytes());
    assertThat(second.getSecret().getEncoded()).isEqualTo(key(2).exposeBytes());
    assertThat(first.getPskPublicInformation().getPublicInfoAsString()).isEqualTo("a\udcff");
    assertThat(second.getPskPublicInformation().getPublicInfoAsString()).isEqualTo("a\udcfe");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 128, 129, 300, 65535})
  void request_unknownIdentityOfAnyLength_givesAKeyThatNobodyKnows(int length) {
    byte[] identity = "i".repeat(length).getBytes(UTF_8);

    byte[] key = request(pskStore, identity).getSecret().getEncoded();
    byte[] keyOfOtherServer =
        request(new ScandiumPskStore(store), identity).getSecret().getEncoded();

    assertThat(key).hasSize(16).isNotEqualTo(new byte[16]).isNotEqualTo(keyOfOtherServer);
  }

  @Test
  void result_destroyed_destroysItsKey() throws DestroyFailedException {
    store.put(credential("deadbeef", "identity", 1));
    for (String identity : List.of("identity", "unknown")) {
      PskSecretResult result = request(pskStore, identity.getBytes(UTF_8));
      SecretKey secret = result.getSecret();
      result.destroy();

      assertThat(result.isDestroyed()).isTrue();
      assertThat(secret.isDestroyed()).isTrue();
    }

    assertThat(request(pskStore, "identity".getBytes(UTF_8)).getSecret().getEncoded())
        .isEqualTo(key(1).exposeBytes());
    assertThat(request(pskStore, "unknown".getBytes(UTF_8)).getSecret().getEncoded())
        .isNotEqualTo(new byte[16]);
  }

  @Test
  void request_keyThatTheStoreGave_isDestroyed() {
    List<PreSharedKey> given = new ArrayList<>();
    CredentialStore giving =
        (CredentialStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {CredentialStore.class},
                (proxy, method, arguments) -> {
                  given.add(key(1));
                  return Optional.of(given.get(0));
                });

    request(new ScandiumPskStore(giving), "identity".getBytes(UTF_8));

    assertThat(given).singleElement().matches(PreSharedKey::isDestroyed);
  }

  @Test
  void getIdentity_isThatOfTheDeviceAtTheAddress() {
    InetSocketAddress known = new InetSocketAddress("127.0.0.1", 1);
    InetSocketAddress stranger = new InetSocketAddress("127.0.0.1", 2);
    ScandiumPskStore server =
        new ScandiumPskStore(
            store, peer -> peer.equals(known) ? Optional.of(FF) : Optional.empty());

    assertThat(server.getIdentity(known, null).getBytes()).isEqualTo(FF.toBytes());
    assertThat(server.getIdentity(stranger, null)).isNull();
    assertThat(pskStore.getIdentity(known, null)).isNull();
  }

  @Test
  void handshake_identitiesThatAreNotUtf8_areKeptApart() {
    store.put(credential("a", FF, 1));
    store.put(credential("b", FE, 2));
    try (Loopback loopback = new Loopback(store)) {
      Loopback.Echo ofFirst = loopback.echoOf(LwM2mDtls.device(credential("a", FF, 1)));
      Loopback.Echo ofSecond = loopback.echoOf(LwM2mDtls.device(credential("b", FE, 2)));

      assertThat(ofFirst.server().getPeerIdentity().getName()).isEqualTo(FF.asString());
      assertThat(ofSecond.server().getPeerIdentity().getName()).isEqualTo(FE.asString());
      assertThat(FF.asString()).isNotEqualTo(FE.asString());
    }
  }

  @Test
  void handshake_longestIdentityAndKey_work() {
    String identity = "i".repeat(PskIdentity.MAX_LENGTH);
    byte[] bytes = new byte[PreSharedKey.MAX_LENGTH];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * i);
    }
    store.put(DeviceCredential.of(identity, PreSharedKey.copyOf(bytes)));
    try (Loopback loopback = new Loopback(store)) {
      Loopback.Echo echo =
          loopback.echoOf(LwM2mDtls.device(store.findByEndpoint(identity).orElseThrow()));

      assertThat(echo.server().getPeerIdentity().getName()).isEqualTo(identity);
    }
  }

  private static PskSecretResult request(ScandiumPskStore pskStore, byte[] identity) {
    return pskStore.requestPskSecretResult(
        new ConnectionId(new byte[6]),
        null,
        PskPublicInformation.fromByteArray(identity),
        "HmacSHA256",
        null,
        new byte[64],
        true);
  }
}
