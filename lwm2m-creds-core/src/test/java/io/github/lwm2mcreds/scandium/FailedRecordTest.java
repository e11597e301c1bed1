// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.stream.Stream;
import org.eclipse.californium.elements.util.Bytes;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.scandium.dtls.Record;
import org.eclipse.californium.scandium.dtls.SingleNodeConnectionIdGenerator;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Finished messages of clients, as a server recorded them. The clients' key was the ASCII text of
 * the digits {@code 8f1e6c0ad2b94735a1c85e7f30d69b42}, or the text {@code none of the usual}.
 */
class FailedRecordTest {
  private static final String DIGITS = "8f1e6c0ad2b94735a1c85e7f30d69b42";
  private static final String OTHER = "none of the usual";

  private record Vector(
      String client,
      CipherSuite suite,
      boolean extended,
      String seed,
      String clientRandom,
      String serverRandom,
      String sent,
      String key) {
    FailedRecord failed() {
      DatagramReader reader = new DatagramReader(bytes(sent));
      return new FailedRecord(
          suite,
          bytes(seed.isEmpty() ? clientRandom + serverRandom : seed),
          extended,
          new Bytes(bytes(clientRandom)),
          new Bytes(bytes(serverRandom)),
          Record.fromReader(reader, new SingleNodeConnectionIdGenerator(6), 0).get(0));
    }

    @Override
    public String toString() {
      return client + " " + suite + (extended ? ", extended master secret" : "");
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static Stream<Vector> vectors() {
    return Stream.of(
        new Vector(
            "OpenSSL 3.0.19",
            CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
            false,
            "",
            "5f5a95ca33f4ae8237d6d194103ddb60276e2b1328fe2b20bdcd66c1be89a350",
            "6b087c4ef74e6070db5286eb89a688c6f7337ebddf88de78604bb4664be684bf",
            "16fefd00010000000000000028"
                + "0001000000000000247836279c1a7477eca3d8263924f848f892edc96dc7dfe561ef7a7b37ac1c00",
            DIGITS),
        new Vector(
            "OpenSSL 3.0.19",
            CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256,
            true,
            "da48e2ee3f04b3274adcfaa2644f54d2b891c41d1342df30e3633ef96578847a",
            "d8d9ac0755621bf91b7d2a280c4d58d53771681b61c07abe89c700158db54f61",
            "6b087c4e1a39d2ecc153a134dd0579d0867ff936269ac653ed81fdae0f65beea",
            "16fefd00010000000000000050"
                + "722e15502ad334db764cf51b8af5087f07e77e6c45b2ff2eb3d8b07249b019dc52c3c18228527de0"
                + "062c8fecaec65f846b31ba73a06874b0d242ed8ba028623de2a41132ec22ce20d8bee324610725a7",
            DIGITS),
        new Vector(
            "GnuTLS 3.7.9",
            CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256,
            false,
            "",
            "5cac54d4cb4d30d3f6a8174220a21c28da46bf27c06c0a7e9fd75cf6fa86f8d1",
            "6b087c4f896eb1847e8f8d13226f2b848bc725a010009cc6120b07a436abf10a",
            "16fefd00010000000000000050"
                + "260fd45accbd578fc80978538bf7ecf6a2c486c4ee452f35ba7a08b371a5585fc53c36c481503187"
                + "6b91f32d2a83582ceb0c87638ee78c705d256c6f82948f4934f135f2867eee207c1262d6034c8801",
            DIGITS),
        new Vector(
            "GnuTLS 3.7.9",
            CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
            true,
            "914217032b82827ab62fd7676dae721e475007cd74f27bbf741cfea9d87bef46",
            "11ddf64197470559a4b93c06c90bc7d6e8fe730b70b7f3448cef843cbebc4049",
            "6b087c4f7f0a6c31a0f675d0f7358a7f8f18c841dc193b68214199a3ffb09c51",
            "16fefd00010000000000000028"
                + "00010000000000005268712f4a18a1006c1914637c052d53bc7ad54f7df143fce15131c064edb1cd",
            OTHER),
        new Vector(
            "Scandium 4.0.0-M6, connection id",
            CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
            true,
            "8d862cc7197b8dbfd5be55ea94b5afbfae272fb75d6072d7fada7d9d04fabb33",
            "6b087c4f265251ef83d9c72204406b94636ed389896f62657d556187035cd1dd",
            "6b087c4f2f4824c280d98747c13048a812267b32be7432a362b980b6d3c7a039",
            "19fefd0001000000000000875672a511090029"
                + "000100000000000077658002c89e0cde1c00fc58a5edec82"
                + "359d84fc94ee143013ed6f76d9a656b42e",
            OTHER));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void test_keyOfTheClient_fits(Vector vector) {
    assertThat(vector.failed().test(vector.key.getBytes(US_ASCII))).isTrue();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void test_keyThatDiffersInOneBit_doesNotFit(Vector vector) {
    byte[] key = vector.key.getBytes(US_ASCII);
    key[key.length - 1] ^= 1;

    assertThat(vector.failed().test(key)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void test_otherKindOfMasterSecret_doesNotFit(Vector vector) {
    Vector other =
        new Vector(
            vector.client,
            vector.suite,
            !vector.extended,
            vector.seed,
            vector.clientRandom,
            vector.serverRandom,
            vector.sent,
            vector.key);

    assertThat(other.failed().test(vector.key.getBytes(US_ASCII))).isFalse();
  }
}
