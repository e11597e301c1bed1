// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialSummary;
import java.util.Optional;
import java.util.function.Supplier;

/** What a command shows of an endpoint's credential, whose key need not open for that. */
final class StoredCredential {
  private StoredCredential() {}

  static Optional<CredentialSummary> find(CredentialStore store, String endpoint) {
    return store
        .findPskIdentity(endpoint)
        .map(identity -> new CredentialSummary(endpoint, identity, checkValue(store, endpoint)));
  }

  private static Optional<KeyCheckValue> checkValue(CredentialStore store, String endpoint) {
    Optional<DeviceCredential> credential = open(store, endpoint);
    Optional<KeyCheckValue> checkValue = credential.map(found -> found.psk().checkValue());
    credential.ifPresent(DeviceCredential::destroy);
    return checkValue;
  }

  /** Returns an endpoint's credential, or nothing if its key does not open. */
  static Optional<DeviceCredential> open(CredentialStore store, String endpoint) {
    return opened(() -> store.findByEndpoint(endpoint));
  }

  /** Returns what a search found, or nothing if its key does not open. */
  static Optional<DeviceCredential> opened(Supplier<Optional<DeviceCredential>> search) {
    try {
      return search.get();
    } catch (CredentialStoreException e) {
      if (e.isUnopenedKey()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Returns a summary of a credential that is at hand. */
  static CredentialSummary summary(DeviceCredential credential) {
    return new CredentialSummary(
        credential.endpoint(),
        credential.pskIdentity(),
        Optional.of(credential.psk().checkValue()));
  }
}
