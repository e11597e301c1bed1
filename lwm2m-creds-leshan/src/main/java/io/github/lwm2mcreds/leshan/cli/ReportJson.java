// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.Revocation;
import io.github.lwm2mcreds.leshan.rest.EntryComparison;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.Rotation;
import io.github.lwm2mcreds.store.jdbc.StoreFinding;
import io.github.lwm2mcreds.store.seal.KeyWrapper;
import java.util.Optional;

/**
 * What commands report, as objects whose fields have the same names everywhere. An absent value is
 * null; no object has a key.
 */
final class ReportJson {
  private ReportJson() {}

  static ObjectNode of(DeviceCredential credential, String outcome) {
    return of(StoredCredential.summary(credential)).put("outcome", outcome);
  }

  static ObjectNode of(CredentialSummary credential) {
    return of(credential.endpoint(), Optional.of(credential));
  }

  /** Reports an endpoint that may have no credential. */
  static ObjectNode of(String endpoint, Optional<CredentialSummary> credential) {
    return JsonLine.object()
        .put("endpoint", endpoint)
        .put("pskIdentity", credential.map(c -> c.pskIdentity().asString()).orElse(null))
        .put(
            "checkValue",
            credential
                .flatMap(CredentialSummary::checkValue)
                .map(KeyCheckValue::toString)
                .orElse(null));
  }

  /** Adds the state of a rotation, which may be null. */
  static ObjectNode addRotation(ObjectNode object, Rotation rotation) {
    return object
        .put("nextPskIdentity", rotation == null ? null : rotation.next().asString())
        .put("deadline", rotation == null ? null : rotation.deadline().toString());
  }

  static ObjectNode of(Revocation revocation) {
    return JsonLine.object()
        .put("endpoint", revocation.endpoint())
        .put("pskIdentity", revocation.pskIdentity().map(PskIdentity::asString).orElse(null))
        .put("time", revocation.time().toString())
        .put("reason", revocation.reason());
  }

  /** Reports what was done to a store, and what opens it now. */
  static ObjectNode of(StoreAddress store, KeyWrapper wrapper, String outcome) {
    return JsonLine.object()
        .put("store", store.name())
        .put("opensWith", wrapper.toString())
        .put("outcome", outcome);
  }

  static ObjectNode of(StoreFinding finding) {
    return JsonLine.object()
        .put("endpoint", finding.endpoint().isEmpty() ? null : finding.endpoint())
        .put("problem", finding.problem());
  }

  /** Reports what is done with a credential that was compared with a server's. */
  static ObjectNode of(DeviceCredential credential, EntryComparison comparison, String outcome) {
    return of(credential, outcome)
        .put("comparison", comparison.outcome().name())
        .put("serverMode", comparison.mode().map(Enum::name).orElse(null))
        .put("serverPskIdentity", comparison.pskIdentity().map(PskIdentity::asString).orElse(null))
        .put("serverCheckValue", comparison.checkValue().map(KeyCheckValue::toString).orElse(null))
        .put("identityOwner", comparison.identityOwner().orElse(null));
  }
}
