// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static io.github.lwm2mcreds.derive.GroupKeys.HEX;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.generators.KDFCounterBytesGenerator;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.KDFCounterParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The standards' own figures, and Bouncy Castle as a peer. */
class HmacSha256Test {
  /** RFC 5869, appendix A, test cases 1 to 3: IKM, salt, info, OKM. */
  @ParameterizedTest
  @CsvSource({
    // A.1, SHA-256
    "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 000102030405060708090a0b0c,"
        + "f0f1f2f3f4f5f6f7f8f9,"
        + "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    // A.2, SHA-256 with longer inputs and output
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"
        + "28292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f,"
        + "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f8081828384858687"
        + "88898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf,"
        + "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7"
        + "d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff,"
        + "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb"
        + "41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    // A.3, SHA-256 with no salt and no info
    "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b,, '',"
        + "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  })
  void hkdfSha256_vectorsOfRfc5869_agree(String ikm, String salt, String info, String okm) {
    byte[] saltBytes = salt == null ? new byte[32] : HEX.parseHex(salt);
    int length = okm.length() / 2;

    byte[] pseudorandomKey = HmacSha256.hkdfExtract(saltBytes, HEX.parseHex(ikm));
    byte[] key = HmacSha256.hkdfExpand(pseudorandomKey, HEX.parseHex(info), length);
    byte[] keyWithoutSalt = HmacSha256.hkdf(HEX.parseHex(ikm), HEX.parseHex(info), length);

    assertThat(HEX.formatHex(key)).isEqualTo(okm);
    assertThat(Arrays.equals(keyWithoutSalt, key)).isEqualTo(salt == null);
  }

  /**
   * NIST CAVP, key derivation (SP 800-108), counter mode: KDFCTR_gen.rsp of CAVS 14.4,
   * [PRF=HMAC_SHA256] [CTRLOCATION=BEFORE_FIXED] [RLEN=32_BITS]: KI, FixedInputData, KO.
   */
  @ParameterizedTest
  @CsvSource({
    // COUNT=0, L=128
    "dd1d91b7d90b2bd3138533ce92b272fbf8a369316aefe242e659cc0ae238afe0,"
        + "01322b96b30acd197979444e468e1c5c6859bf1b1cf951b7e725303e237e"
        + "46b864a145fab25e517b08f8683d0315bb2911d80a0e8aba17f3b413faac,"
        + "10621342bfb0fd40046c0e29f2cfdbf0",
    // COUNT=10, L=256
    "e204d6d466aad507ffaf6d6dab0a5b26152c9e21e764370464e360c8fbc765c6,"
        + "7b03b98d9f94b899e591f3ef264b71b193fba7043c7e953cde23bc5384bc"
        + "1a6293580115fae3495fd845dadbd02bd6455cf48d0f62b33e62364a3a80,"
        + "770dfab6a6a4a4bee0257ff335213f78d8287b4fd537d5c1fffa956910e7c779",
    // COUNT=20, L=160
    "dc60338d884eecb72975c603c27b360605011756c697c4fc388f5176ef81efb1,"
        + "44d7aa08feba26093c14979c122c2437c3117b63b78841cd10a4bc5ed55c"
        + "56586ad8986d55307dca1d198edcffbc516a8fbe6152aa428cdd800c062d,"
        + "29ac07dccf1f28d506cd623e6e3fc2fa255bd60b",
    // COUNT=30, L=320: two blocks
    "c4bedbddb66493e7c7259a3bbbc25f8c7e0ca7fe284d92d431d9cd99a0d214ac,"
        + "1c69c54766791e315c2cc5c47ecd3ffab87d0d273dd920e70955814c220e"
        + "acace6a5946542da3dfe24ff626b4897898cafb7db83bdff3c14fa46fd4b,"
        + "1da47638d6c9c4d04d74d4640bbd42ab814d9e8cc22f4326695239f96b0693f12d0dd1152cf44430",
  })
  void counterModeHmacSha256_vectorsOfNistCavp_agree(String ki, String fixedInput, String ko) {
    byte[] key =
        HmacSha256.counterMode(HEX.parseHex(ki), HEX.parseHex(fixedInput), ko.length() / 2);

    assertThat(HEX.formatHex(key)).isEqualTo(ko);
  }

  @Property(tries = 300)
  void hkdf_anyInputs_isWhatBouncyCastleDerives(
      @ForAll @Size(min = 1, max = 80) byte[] secret,
      @ForAll @Size(max = 200) byte[] info,
      @ForAll @IntRange(max = 255 * 32) int length) {
    byte[] expected = new byte[length];
    HKDFBytesGenerator peer = new HKDFBytesGenerator(new SHA256Digest());
    peer.init(new HKDFParameters(secret, null, info));
    peer.generateBytes(expected, 0, length);

    assertThat(HmacSha256.hkdf(secret, info, length)).isEqualTo(expected);
  }

  @Property(tries = 300)
  void counterMode_anyInputs_isWhatBouncyCastleDerives(
      @ForAll @Size(min = 1, max = 80) byte[] secret,
      @ForAll @Size(max = 200) byte[] fixedInput,
      @ForAll @IntRange(max = 300 * 32) int length) {
    byte[] expected = new byte[length];
    KDFCounterBytesGenerator peer = new KDFCounterBytesGenerator(new HMac(new SHA256Digest()));
    peer.init(new KDFCounterParameters(secret, fixedInput, 32));
    peer.generateBytes(expected, 0, length);

    assertThat(HmacSha256.counterMode(secret, fixedInput, length)).isEqualTo(expected);
  }

  @Test
  void hkdfExpand_pseudorandomKey_isWiped() {
    byte[] pseudorandomKey = GroupKeys.bytes(1);

    HmacSha256.hkdfExpand(pseudorandomKey, new byte[0], 16);

    assertThat(pseudorandomKey).isEqualTo(new byte[32]);
  }

  @Test
  void moveBlock_block_isWiped() {
    byte[] block = {1, 2, 3};
    byte[] key = new byte[5];

    HmacSha256.moveBlock(block, key, 3);

    assertThat(key).containsExactly(0, 0, 0, 1, 2);
    assertThat(block).containsExactly(0, 0, 0);
  }
}
