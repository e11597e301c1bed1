// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.crypto.KeyAgreement;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of one handshake, and how Scandium comes to use them. */
class EphemeralKeyTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The algorithm by which a security provider of the JDK knows a curve. */
  private static String algorithm(EphemeralCurve curve) {
    return curve == EphemeralCurve.X25519 ? "XDH" : "EC";
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  // RFC 7748 §5.2, the first vector of X25519
  @Test
  void agree_x25519_isTheRfcsVector() throws Exception {
    assertThat(
            EphemeralCurve.X25519.agree(
                hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
                hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")))
        .isEqualTo(hex("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"));
  }

  // RFC 5903 §8.1
  @Test
  void agree_p256_isTheRfcsVector() throws Exception {
    byte[] initiator = hex("C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433");
    byte[] responder = hex("C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53");
    byte[] point =
        hex(
            "04 D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63"
                + " 56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB");

    assertThat(EphemeralCurve.P256.publicPoint(responder)).isEqualTo(point);
    assertThat(EphemeralCurve.P256.agree(initiator, point))
        .isEqualTo(hex("D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE"));
  }

  @ParameterizedTest
  @EnumSource
  void agree_keyOfTheJdk_bothAgree(EphemeralCurve curve) throws Exception {
    String algorithm = algorithm(curve);
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(
        new ECGenParameterSpec(curve == EphemeralCurve.P256 ? "secp256r1" : "X25519"));
    for (int i = 0; i < 50; i++) {
      var theirs = generator.generateKeyPair();
      EphemeralKey ours = new EphemeralKey(curve, RANDOM);
      PublicKey read =
          KeyFactory.getInstance(algorithm)
              .generatePublic(new X509EncodedKeySpec(ours.publicKey().getEncoded()));
      KeyAgreement agreement = KeyAgreement.getInstance(algorithm.equals("EC") ? "ECDH" : "XDH");
      agreement.init(theirs.getPrivate());
      agreement.doPhase(read, true);

      assertThat(ours.agree(theirs.getPublic())).isEqualTo(agreement.generateSecret());
    }
  }

  /** Points whose order divides the cofactor; what is agreed on with them is zero (RFC 7748 §7). */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      })
  void agree_x25519PointOfSmallOrder_isRefused(String point) {
    assertRefused(EphemeralCurve.X25519, hex(point));
  }

  static List<byte[]> invalidP256Points() {
    byte[] good = EphemeralCurve.P256.publicPoint(EphemeralCurve.P256.newSecret(RANDOM));
    byte[] offCurve = good.clone();
    offCurve[64] ^= 1;
    byte[] tooLarge = good.clone();
    Arrays.fill(tooLarge, 1, 33, (byte) 0xff);
    byte[] zero = new byte[65];
    zero[0] = 4;
    byte[] hybrid = good.clone();
    hybrid[0] = (byte) (6 + (good[64] & 1)); // on the curve, but in a form that TLS does not have
    byte[] infinity = new byte[65];
    return List.of(offCurve, tooLarge, zero, hybrid, infinity);
  }

  @ParameterizedTest
  @MethodSource("invalidP256Points")
  void agree_p256PointThatIsNone_isRefused(byte[] point) {
    assertRefused(EphemeralCurve.P256, point);
  }

  private static void assertRefused(EphemeralCurve curve, byte[] point) {
    EphemeralKey key = new EphemeralKey(curve, RANDOM);

    assertThatThrownBy(() -> key.agree(publicKey(curve.encoded(point))))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessageContaining("is invalid");
    assertThat(key.isDestroyed()).isTrue();
  }

  private static PublicKey publicKey(byte[] encoded) {
    return new PublicKey() {
      private static final long serialVersionUID = 1;

      @Override
      public String getAlgorithm() {
        return "EC";
      }

      @Override
      public String getFormat() {
        return "X.509";
      }

      @Override
      public byte[] getEncoded() {
        return encoded;
      }
    };
  }

  @Test
  void agree_keyOfAnotherCurve_isRefused() {
    PublicKey other = new EphemeralKey(EphemeralCurve.P256, RANDOM).publicKey();

    assertThatThrownBy(() -> new EphemeralKey(EphemeralCurve.X25519, RANDOM).agree(other))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessage("the peer's key is not on X25519");
  }

  @ParameterizedTest
  @EnumSource
  void agree_again_isRefused(EphemeralCurve curve) throws Exception {
    EphemeralKey key = new EphemeralKey(curve, RANDOM);
    PublicKey peer = new EphemeralKey(curve, RANDOM).publicKey();
    key.agree(peer);

    assertThatThrownBy(() -> key.agree(peer))
        .isInstanceOf(InvalidKeyException.class)
        .hasMessage("the ephemeral key has been used");
  }

  /** Numbers as a generator would give them: the order of P-256, nothing, then one. */
  @Test
  void newSecret_p256_isBetweenNothingAndTheOrder() {
    byte[] order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    byte[] one = new byte[32];
    one[31] = 1;
    List<byte[]> numbers = List.of(order, new byte[32], one);
    SecureRandom random =
        new SecureRandom() {
          private static final long serialVersionUID = 1;
          private int next;

          @Override
          public void nextBytes(byte[] bytes) {
            System.arraycopy(numbers.get(next++), 0, bytes, 0, bytes.length);
          }
        };

    assertThat(EphemeralCurve.P256.newSecret(random)).isEqualTo(one);
  }

  @Test
  void key_isNowhereToBeRead() {
    EphemeralKey key = new EphemeralKey(EphemeralCurve.X25519, RANDOM);

    assertThat(key.getEncoded()).isNull();
    assertThat(key).hasToString("X25519 <redacted>");
    assertThatThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(key))
        .isInstanceOf(NotSerializableException.class);
  }

  /** Runs on a thread of its own. */
  private static <T> T onThread(boolean ofConnector, Callable<T> work) throws Exception {
    CompletableFuture<T> done = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                if (ofConnector) {
                  EphemeralKeys.useOnThisThread();
                }
                done.complete(work.call());
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            })
        .start();
    return done.get(20, TimeUnit.SECONDS);
  }

  /** A key of ours agrees once, one of a provider as often as it is asked. */
  static boolean areOurs(SupportedGroup group) {
    try {
      byte[] peer = new XECDHECryptography(group).getEncodedPoint();
      XECDHECryptography exchange = new XECDHECryptography(group);
      exchange.generateSecret(peer);
      exchange.generateSecret(peer);
      return false;
    } catch (GeneralSecurityException e) {
      return e.getMessage().equals("the ephemeral key has been used");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SupportedGroup.class,
      names = {"X25519", "secp256r1"})
  void scandiumsExchange_onAThreadOfAConnector_isOursAndAgreesWithThatOfAnother(
      SupportedGroup group) throws Exception {
    assertThat(onThread(true, () -> areOurs(group))).isTrue();
    assertThat(onThread(false, () -> areOurs(group))).isFalse();

    XECDHECryptography theirs = onThread(false, () -> new XECDHECryptography(group));
    onThread(
        true,
        () -> {
          XECDHECryptography ours = new XECDHECryptography(group);
          SecretKey secret = ours.generateSecret(theirs.getEncodedPoint());
          byte[] same =
              onThread(false, () -> theirs.generateSecret(ours.getEncodedPoint())).getEncoded();
          assertThat(secret.getEncoded()).isEqualTo(same);
          return null;
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = SupportedGroup.class,
      names = {"X448", "secp384r1"})
  void scandiumsExchange_anotherCurveOnAThreadOfAConnector_isTheProviders(SupportedGroup group)
      throws Exception {
    boolean ours =
        onThread(
            true,
            () -> {
              areOurs(SupportedGroup.X25519);
              areOurs(SupportedGroup.secp256r1);
              return areOurs(group);
            });

    assertThat(ours).isFalse();
  }

  @Test
  void useOnThisThread_addsNoProvider() throws Exception {
    List<Provider> before = List.of(Security.getProviders());

    PrivateKey key =
        onThread(
            true,
            () -> {
              areOurs(SupportedGroup.X25519);
              return KeyPairGenerator.getInstance("XDH").generateKeyPair().getPrivate();
            });

    assertThat(Security.getProviders()).containsExactlyElementsOf(before);
    assertThat(key).isNotInstanceOf(EphemeralKey.class);
  }

  /** Scandium's fields are where this version of it has them. */
  @Test
  void areFor_suites_onlyThoseWithCurves() {
    assertThat(EphemeralKeys.areFor(ForwardSecrecy.REQUIRED.cipherSuites())).isTrue();
    assertThat(EphemeralKeys.areFor(List.of(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8)))
        .isTrue();
    assertThat(EphemeralKeys.areFor(LwM2mDtls.CIPHER_SUITES)).isFalse();
  }

  private static KeyAgreement agreement(EphemeralCurve curve) throws Exception {
    KeyAgreement agreement = EphemeralAgreement.of(curve == EphemeralCurve.P256 ? "ECDH" : "XDH");
    agreement.init(new EphemeralKey(curve, RANDOM));
    return agreement;
  }

  @ParameterizedTest
  @EnumSource
  void generateSecret_intoAnArrayOrAsAKey_isTheSecret(EphemeralCurve curve) throws Exception {
    EphemeralKey peer = new EphemeralKey(curve, RANDOM);
    EphemeralKey own = new EphemeralKey(curve, RANDOM);
    PublicKey peersPoint = peer.publicKey();
    byte[] secret = peer.agree(own.publicKey());
    byte[] room = new byte[40];
    KeyAgreement agreement = EphemeralAgreement.of(curve == EphemeralCurve.P256 ? "ECDH" : "XDH");

    agreement.init(own);
    agreement.doPhase(peersPoint, true);
    assertThatThrownBy(() -> agreement.generateSecret(room, 9))
        .isInstanceOf(ShortBufferException.class);
    assertThat(agreement.generateSecret(room, 8)).isEqualTo(32);
    assertThat(Arrays.copyOfRange(room, 8, 40)).isEqualTo(secret);

    agreement.init(new EphemeralKey(curve, RANDOM));
    agreement.doPhase(peersPoint, true);
    SecretKey key = agreement.generateSecret("TlsPremasterSecret");
    assertThat(key.getAlgorithm()).isEqualTo("TlsPremasterSecret");
    assertThat(key.getEncoded()).hasSize(32);
  }

  @ParameterizedTest
  @EnumSource
  void generateSecret_beforeAPeersKey_isRefused(EphemeralCurve curve) throws Exception {
    KeyAgreement agreement = agreement(curve);

    assertThatThrownBy(agreement::generateSecret).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> agreement.generateSecret(new byte[32], 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> agreement.generateSecret("any"))
        .isInstanceOf(IllegalStateException.class);
  }
}
