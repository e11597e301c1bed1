// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.KeyCheckValue;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.scandium.auth.ApplicationLevelInfoSupplier;

/**
 * What a session carries of the credential it was made with: the check value of its key, which
 * tells it from the next key under the same identity. It is information about the peer's principal.
 *
 * <p>Scandium writes no such information when it saves sessions, so they are saved with a principal
 * that has the check value in front of its virtual host: {@code creds-341b8feb-n} without one,
 * {@code creds-341b8feb-s} with an empty one, {@code creds-341b8feb-h.} in front of others. Strings
 * are written as UTF-8, which an identity of other bytes has no form in, see {@link
 * io.github.lwm2mcreds.PskIdentity#asString}; such an identity is written as the hex digits of its
 * characters, and the letter is {@code xn}, {@code xs} or {@code xh}.
 */
final class SessionCredential {
  private static final String INFO = "lwm2m-creds check value";

  private static final Pattern ESCAPED = Pattern.compile("([0-9a-f]{4})+");

  private SessionCredential() {}

  /** Returns the check value a session was made with; empty if it does not say. */
  static Optional<String> checkValue(PreSharedKeyIdentity peer) {
    return Optional.ofNullable(peer.getExtendedInfo().get(INFO, String.class));
  }

  static Optional<String> checkValue(Principal peer) {
    return peer instanceof PreSharedKeyIdentity psk ? checkValue(psk) : Optional.empty();
  }

  private static AdditionalInfo info(String checkValue) {
    return AdditionalInfo.from(Map.of(INFO, checkValue));
  }

  /**
   * Returns what adds the check value that a {@link ScandiumPskStore} hands over with a key, and
   * keeps it when Scandium asks again, for a session that is resumed or was loaded.
   *
   * @param other adds what else is to be known of a principal; may be null
   */
  static ApplicationLevelInfoSupplier supplier(ApplicationLevelInfoSupplier other) {
    return new Supplier(other);
  }

  /**
   * Californium's releases after 4.0.0-M6 ask for what a loaded session's principal lacks by a
   * method of its own, which this has, too.
   */
  static final class Supplier implements ApplicationLevelInfoSupplier {
    private final ApplicationLevelInfoSupplier other;

    Supplier(ApplicationLevelInfoSupplier other) {
      this.other = other;
    }

    @Override
    public AdditionalInfo getInfo(Principal peer, Object argument) {
      if (argument instanceof KeyCheckValue checkValue) {
        AdditionalInfo others = other == null ? null : other.getInfo(peer, null);
        AdditionalInfo info = info(checkValue.toString());
        return others == null ? info : others.put(info);
      }
      Principal known = isPortable(peer) ? restored(peer) : peer;
      AdditionalInfo others = other == null ? null : other.getInfo(known, argument);
      if (others == null || !(peer instanceof PreSharedKeyIdentity psk)) {
        return others; // without any, the principal stays as it is
      }
      return checkValue(psk).map(made -> others.put(info(made))).orElse(others);
    }

    @SuppressWarnings("MissingOverride") // it overrides in the releases that have it
    public AdditionalInfo restoreInfo(Principal peer) {
      return getInfo(peer, null);
    }
  }

  /** Returns a principal that keeps its check value when it is written. */
  static Principal portable(Principal peer) {
    if (!(peer instanceof PreSharedKeyIdentity psk) || isPortable(psk)) {
      return peer;
    }
    boolean escaped = !isUtf8(psk.getIdentity());
    PortableHost host =
        new PortableHost(
            checkValue(psk).orElse(PortableHost.UNKNOWN),
            escaped,
            psk.isScopedIdentity(),
            Optional.ofNullable(psk.getVirtualHost()));
    return new PreSharedKeyIdentity(
        host.toString(), escaped ? escaped(psk.getIdentity()) : psk.getIdentity());
  }

  /** An encoder is asked only where there is something to find. */
  private static boolean isUtf8(String identity) {
    for (int i = 0; i < identity.length(); i++) {
      if (Character.isSurrogate(identity.charAt(i))) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(identity);
      }
    }
    return true;
  }

  private static String escaped(String identity) {
    StringBuilder digits = new StringBuilder(identity.length() * 4);
    for (int i = 0; i < identity.length(); i++) {
      digits.append(HexFormat.of().toHexDigits(identity.charAt(i)));
    }
    return digits.toString();
  }

  private static String unescaped(String digits) {
    StringBuilder identity = new StringBuilder(digits.length() / 4);
    for (int i = 0; i < digits.length(); i += 4) {
      identity.append((char) HexFormat.fromHexDigits(digits, i, i + 4));
    }
    return identity.toString();
  }

  static boolean isPortable(Principal peer) {
    return peer instanceof PreSharedKeyIdentity psk
        && checkValue(psk).isEmpty()
        && PortableHost.read(psk.getVirtualHost()).isPresent();
  }

  /**
   * Returns the principal that was made {@linkplain #portable portable}, with what else is known of
   * it. One that was written in another way gets a check value that is no key's.
   */
  static Principal restored(Principal read) {
    if (!(read instanceof PreSharedKeyIdentity psk) || checkValue(psk).isPresent()) {
      return read;
    }
    PortableHost portable = PortableHost.read(psk.getVirtualHost()).orElse(null);
    boolean isEscaped = portable != null && portable.isEscaped();
    if (portable == null || isEscaped && !ESCAPED.matcher(psk.getIdentity()).matches()) {
      return psk.amend(psk.getExtendedInfo().put(info(PortableHost.UNKNOWN)));
    }
    String identity = isEscaped ? unescaped(psk.getIdentity()) : psk.getIdentity();
    PreSharedKeyIdentity peer =
        portable.isScoped()
            ? new PreSharedKeyIdentity(portable.host().orElse(null), identity)
            : new PreSharedKeyIdentity(identity);
    return peer.amend(psk.getExtendedInfo().put(info(portable.checkValue())));
  }
}
