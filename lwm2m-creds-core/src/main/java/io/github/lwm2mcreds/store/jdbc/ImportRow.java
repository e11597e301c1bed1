// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.WeakKeyException;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import io.github.lwm2mcreds.store.seal.KeyRing;
import java.util.Optional;

/**
 * A credential that is imported, and what can be made of it before the database is asked: the most
 * work, and any thread may do it.
 */
final class ImportRow {
  private final DeviceCredential credential;
  private WeakKeyException weakness;
  private KeyCheckValue checkValue;
  private SealedCredential sealed;

  ImportRow(DeviceCredential credential) {
    this.credential = credential;
  }

  /** Looks at the key, and seals it if there is a key to seal with. */
  void prepare(KeyPolicy keyPolicy, KeyRing ring) {
    ring.requireOpen();
    try {
      keyPolicy.check(credential);
    } catch (WeakKeyException e) {
      weakness = e;
      return;
    }
    checkValue = credential.psk().checkValue();
    if (ring.canSeal()) {
      sealed =
          new SealedCredential(
              credential.endpoint(),
              credential.pskIdentity(),
              Role.CURRENT,
              ring.seal(credential.endpoint(), credential.pskIdentity(), credential.psk()));
    }
  }

  DeviceCredential credential() {
    return credential;
  }

  String endpoint() {
    return credential.endpoint();
  }

  /** Why the key policy refuses it; null if it does not. */
  WeakKeyException weakness() {
    return weakness;
  }

  Optional<KeyCheckValue> checkValue() {
    return Optional.of(checkValue);
  }

  /** Returns it sealed by a key; empty if another has become the active one since. */
  Optional<SealedCredential> sealedBy(int keyId) {
    return Optional.ofNullable(sealed).filter(found -> KeyRing.isSealedBy(found, keyId));
  }
}
