// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.util.Map;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.elements.auth.ApplicationPrincipal;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.scandium.auth.ApplicationLevelInfoSupplier;
import org.eclipse.californium.scandium.auth.PrincipalSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionCredentialTest {
  private static final PreSharedKey KEY =
      PreSharedKey.ofHex("c0ffee00000000000000000000000001".getBytes(StandardCharsets.US_ASCII));

  private static final String NOT_UTF8 =
      PskIdentity.ofBytes(new byte[] {'x', (byte) 0xff, (byte) 0xc3}).asString();

  static PreSharedKeyIdentity[] peers() {
    return new PreSharedKeyIdentity[] {
      new PreSharedKeyIdentity("a"),
      new PreSharedKeyIdentity(null, "a"),
      new PreSharedKeyIdentity("example.org", "ü:\"x"),
      new PreSharedKeyIdentity("creds-00000000-n", "a"),
      new PreSharedKeyIdentity("creds-00000000-h.x", "a"),
      new PreSharedKeyIdentity("n", "creds-00000000-n"),
      new PreSharedKeyIdentity(NOT_UTF8),
      new PreSharedKeyIdentity(null, NOT_UTF8),
      new PreSharedKeyIdentity("example.org", NOT_UTF8),
      new PreSharedKeyIdentity("creds-00000000-xn", "0061"),
    };
  }

  @ParameterizedTest
  @MethodSource("peers")
  void portable_thenRestored_isTheSameWithItsCheckValue(PreSharedKeyIdentity peer)
      throws GeneralSecurityException {
    PreSharedKeyIdentity tagged =
        peer.amend(SessionCredential.supplier(null).getInfo(peer, KEY.checkValue()));

    PreSharedKeyIdentity written = (PreSharedKeyIdentity) SessionCredential.portable(tagged);
    DatagramWriter writer = new DatagramWriter();
    PrincipalSerializer.serialize(written, writer);
    Principal read = PrincipalSerializer.deserialize(new DatagramReader(writer.toByteArray()));
    PreSharedKeyIdentity restored = (PreSharedKeyIdentity) SessionCredential.restored(read);

    assertThat(restored).isEqualTo(peer);
    assertThat(restored.isScopedIdentity()).isEqualTo(peer.isScopedIdentity());
    assertThat(restored.getVirtualHost()).isEqualTo(peer.getVirtualHost());
    assertThat(SessionCredential.checkValue(restored)).contains(KEY.checkValue().toString());
  }

  @Test
  void restored_writtenByOthers_hasACheckValueThatIsNoKeys() {
    PreSharedKeyIdentity restored =
        (PreSharedKeyIdentity) SessionCredential.restored(new PreSharedKeyIdentity("a"));

    assertThat(SessionCredential.checkValue(restored))
        .hasValueSatisfying(value -> assertThat(value).doesNotMatch("[0-9a-f]{8}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "006", "00g1", "a"})
  void restored_escapesThatAreNone_hasACheckValueThatIsNoKeys(String identity) {
    PreSharedKeyIdentity restored =
        (PreSharedKeyIdentity)
            SessionCredential.restored(new PreSharedKeyIdentity("creds-00000000-xn", identity));

    assertThat(SessionCredential.checkValue(restored))
        .hasValueSatisfying(value -> assertThat(value).doesNotMatch("[0-9a-f]{8}"));
  }

  @Test
  void supplier_ofAnother_isAskedToo() {
    PreSharedKeyIdentity peer = new PreSharedKeyIdentity("a");

    AdditionalInfo info =
        SessionCredential.supplier(
                (principal, argument) -> AdditionalInfo.from(Map.of("argument", argument + "")))
            .getInfo(peer, KEY.checkValue());

    assertThat(info.get("argument", String.class))
        .as("as without the check value")
        .isEqualTo("null");
    assertThat(SessionCredential.checkValue(peer.amend(info)))
        .contains(KEY.checkValue().toString());
    assertThat(SessionCredential.supplier(null).getInfo(peer, null)).isNull();
  }

  @Test
  void supplier_ofAnother_keepsTheCheckValueWhenAskedAgain() {
    PreSharedKeyIdentity peer = new PreSharedKeyIdentity("a");
    ApplicationLevelInfoSupplier supplier =
        SessionCredential.supplier(
            (principal, argument) -> AdditionalInfo.from(Map.of("of", principal.getName())));
    PreSharedKeyIdentity first = peer.amend(supplier.getInfo(peer, KEY.checkValue()));

    PreSharedKeyIdentity again = first.amend(supplier.getInfo(first, null));

    assertThat(SessionCredential.checkValue(again)).contains(KEY.checkValue().toString());
    assertThat(again.getExtendedInfo().get("of", String.class)).isEqualTo("a");
  }

  @Test
  void supplier_ofAnother_isAskedForTheRestoredPeerAndStays() {
    ApplicationLevelInfoSupplier supplier =
        SessionCredential.supplier(
            (principal, argument) -> AdditionalInfo.from(Map.of("of", principal.getName())));
    PreSharedKeyIdentity stored = new PreSharedKeyIdentity("creds-00000000-n", "a");

    PreSharedKeyIdentity restored =
        (PreSharedKeyIdentity)
            SessionCredential.restored(stored.amend(supplier.getInfo(stored, null)));

    assertThat(SessionCredential.checkValue(restored)).contains("00000000");
    assertThat(restored.getExtendedInfo().get("of", String.class)).isEqualTo("a");
  }

  @Test
  void portable_otherPrincipals_areLeftAlone() {
    ApplicationPrincipal other = new ApplicationPrincipal("creds-00000000-n", false);

    assertThat(SessionCredential.portable(other)).isSameAs(other);
    assertThat(SessionCredential.restored(other)).isSameAs(other);
    assertThat(SessionCredential.restored(null)).isNull();
  }

  /** As Californium's releases after 4.0.0-M6 call it. */
  @Test
  void restoreInfo_ofALoadedPrincipal_isWhatTheApplicationHasForIt() throws Exception {
    AdditionalInfo others = AdditionalInfo.from(Map.of("site", "north"));
    ApplicationLevelInfoSupplier supplier =
        SessionCredential.supplier(
            (peer, argument) -> peer.equals(new PreSharedKeyIdentity("a")) ? others : null);
    PreSharedKeyIdentity peer = new PreSharedKeyIdentity("a");
    Principal loaded =
        SessionCredential.restored(
            SessionCredential.portable(peer.amend(supplier.getInfo(peer, KEY.checkValue()))));

    AdditionalInfo restored =
        (AdditionalInfo)
            supplier.getClass().getMethod("restoreInfo", Principal.class).invoke(supplier, loaded);

    PreSharedKeyIdentity amended = ((PreSharedKeyIdentity) loaded).amend(restored);
    assertThat(amended.getExtendedInfo().get("site", String.class)).isEqualTo("north");
    assertThat(SessionCredential.checkValue(amended)).contains(KEY.checkValue().toString());
  }
}
