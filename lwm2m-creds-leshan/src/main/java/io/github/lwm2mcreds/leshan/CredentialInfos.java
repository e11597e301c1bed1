// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialSummary;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.leshan.servers.security.SecurityInfo;

/** The credentials of a store as Leshan's infos. */
final class CredentialInfos {
  private final CredentialStore credentials;

  CredentialInfos(CredentialStore credentials) {
    this.credentials = credentials;
  }

  Optional<SecurityInfo> byEndpoint(String endpoint) {
    return Optional.ofNullable(endpoint).flatMap(credentials::findByEndpoint).map(PskInfos::of);
  }

  Optional<SecurityInfo> byIdentity(String pskIdentity) {
    return Optional.ofNullable(pskIdentity)
        .flatMap(PskInfos::identity)
        .flatMap(credentials::findByPskIdentity)
        .map(PskInfos::of);
  }

  /** The info of an endpoint, whose key need not open for it to be listed or replaced. */
  Optional<SecurityInfo> evenWithoutKey(String endpoint) {
    try {
      return byEndpoint(endpoint);
    } catch (CredentialStoreException e) {
      if (!e.isUnopenedKey()) {
        throw e;
      }
      return credentials
          .findPskIdentity(endpoint)
          .map(identity -> PskInfos.withoutKey(endpoint, identity));
    }
  }

  void forEach(Consumer<SecurityInfo> action) {
    try (Stream<CredentialSummary> all = credentials.stream()) {
      all.map(CredentialSummary::endpoint)
          .flatMap(endpoint -> evenWithoutKey(endpoint).stream())
          .forEach(action);
    }
  }
}
