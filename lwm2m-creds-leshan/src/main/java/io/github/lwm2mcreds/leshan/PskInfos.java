// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStore;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.leshan.servers.security.EditableSecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;

/** Pre-shared keys as Leshan's security infos, and the way to move them into a credential store. */
public final class PskInfos {
  private static final int MAX_NAMED = 10;

  private PskInfos() {}

  /**
   * Moves all pre-shared keys of one of Leshan's own security stores, such as a {@code
   * FileSecurityStore}, into a credential store. Infos of other modes stay.
   *
   * <p>Nothing is replaced. All keys are checked before the first is stored; if one is refused,
   * none is moved. They leave the security store only once all are in the credential store, so if
   * the move is interrupted, the next call finishes it. Sessions go on. Keys that have been moved
   * are wiped from the infos that held them.
   *
   * @param from used by no running server meanwhile
   * @param to the credential store, which applies its key policy
   * @return the endpoints whose keys were moved, in order; empty if there were none
   * @throws IllegalArgumentException if keys are refused: weak ones, those of an endpoint that is
   *     revoked or has another credential, and those whose PSK identity is another's or outside the
   *     limits. The message names each endpoint, up to a number, and the reason
   */
  public static List<String> move(EditableSecurityStore from, CredentialStore to) {
    return new PskInfoMove(from, to).run();
  }

  /** The infos of a security store that hold pre-shared keys, in the order of their endpoints. */
  static List<SecurityInfo> in(EditableSecurityStore store) {
    return store.getAll().stream()
        .filter(SecurityInfo::usePSK)
        .sorted(Comparator.comparing(SecurityInfo::getEndpoint))
        .toList();
  }

  /** Refuses a security store that holds pre-shared keys, which nobody would look up there. */
  static void requireNone(EditableSecurityStore others) {
    List<SecurityInfo> found = in(others);
    if (!found.isEmpty()) {
      throw new IllegalArgumentException(
          "the security store for other modes holds the pre-shared keys of "
              + named(found.stream().map(SecurityInfo::getEndpoint).map(PskInfos::quoted).toList())
              + "; move them into the credential store first, with PskInfos.move");
    }
  }

  /** Lists what there is, but not without end. */
  static String named(List<String> all) {
    String named = all.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
    return all.size() > MAX_NAMED ? named + " and " + (all.size() - MAX_NAMED) + " more" : named;
  }

  static String quoted(String endpoint) {
    return "'" + Printable.escape(endpoint) + "'";
  }

  static boolean mixesModes(SecurityInfo info) {
    return info.usePSK() && (info.useRPK() || info.useX509Cert() || info.useOSCORE());
  }

  /** Text that cannot be a PSK identity belongs to nobody. */
  static Optional<PskIdentity> identity(String pskIdentity) {
    try {
      return Optional.of(PskIdentity.of(pskIdentity));
    } catch (InvalidCredentialException e) {
      return Optional.empty();
    }
  }

  static DeviceCredential credential(SecurityInfo info) {
    return DeviceCredential.of(
        info.getEndpoint(),
        PskIdentity.of(info.getPskIdentity()),
        PreSharedKey.copyOf(info.getPreSharedKey()));
  }

  /** Makes an info with the key of a credential, which is destroyed. */
  static SecurityInfo of(DeviceCredential credential) {
    byte[] key = credential.psk().exposeBytes();
    credential.destroy();
    return SecurityInfo.newPreSharedKeyInfo(
        credential.endpoint(), credential.pskIdentity().asString(), key);
  }

  static SecurityInfo withoutKey(String endpoint, PskIdentity pskIdentity) {
    return SecurityInfo.newPreSharedKeyInfo(endpoint, pskIdentity.asString(), new byte[0]);
  }
}
