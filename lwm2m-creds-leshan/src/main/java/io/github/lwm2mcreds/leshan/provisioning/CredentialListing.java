// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.leshan.internal.WipingBuffers;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialSummary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The list of what a store holds, without a key: each entry has the members of both of Leshan's
 * dialects, so that a reader of either finds its own, and a {@code checkValue} in the place of
 * {@code key}, which cannot be taken for one.
 */
final class CredentialListing {
  private static final JsonFactory JSON = WipingBuffers.jsonFactory();
  private static final String PSK = "psk";

  private CredentialListing() {}

  /** Writes the list, or a part of it if it fails; the caller flushes the rest and closes. */
  static void write(CredentialStore store, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out);
        Stream<CredentialSummary> credentials = store.stream()) {
      // Half a list must not look like one.
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
      json.setHighestNonEscapedChar(0x7f);
      json.writeStartArray();
      Iterator<CredentialSummary> each = credentials.iterator();
      while (each.hasNext()) {
        write(each.next(), json);
      }
      json.writeEndArray();
    }
  }

  private static void write(CredentialSummary credential, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("endpoint", credential.endpoint());
    json.writeObjectFieldStart("tls");
    json.writeStringField("mode", PSK);
    writeDetails("details", credential, json);
    json.writeEndObject();
    writeDetails(PSK, credential, json);
    json.writeEndObject();
  }

  private static void writeDetails(String field, CredentialSummary credential, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("identity", credential.pskIdentity().asString());
    Optional<KeyCheckValue> checkValue = credential.checkValue();
    if (checkValue.isPresent()) {
      json.writeStringField("checkValue", checkValue.get().toString());
    }
    json.writeEndObject();
  }
}
