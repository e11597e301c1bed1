// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.leshan.internal.WipingBuffers;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** The two forms of a credential that Leshan servers take, each refusing the other's. */
enum Dialect {
  /** 2.0.0-M8 and later: {@code {"endpoint":E,"tls":{"mode":"psk","details":{…}}}}. */
  NEWER("2.0.0-M8 and later") {
    @Override
    void writeBody(JsonGenerator json, DeviceCredential credential, byte[] keyHex)
        throws IOException {
      json.writeObjectFieldStart("tls");
      json.writeStringField("mode", "psk");
      writePsk(json, "details", credential, keyHex);
      json.writeEndObject();
    }

    @Override
    boolean isRefusedBy(Answer answer) {
      return answer.status() == 400 && answer.beginsWith("Invalid request body");
    }
  },
  /** 1.x to 2.0.0-M7: {@code {"endpoint":E,"psk":{…}}}. */
  OLDER("before 2.0.0-M8") {
    @Override
    void writeBody(JsonGenerator json, DeviceCredential credential, byte[] keyHex)
        throws IOException {
      writePsk(json, "psk", credential, keyHex);
    }

    @Override
    boolean isRefusedBy(Answer answer) {
      return answer.status() == 500 && answer.isEmpty()
          || answer.status() == 400 && answer.beginsWith("Invalid request body");
    }
  };

  private static final JsonFactory JSON = WipingBuffers.jsonFactory();

  private final String versions;

  Dialect(String versions) {
    this.versions = versions;
  }

  abstract void writeBody(JsonGenerator json, DeviceCredential credential, byte[] keyHex)
      throws IOException;

  /** Returns whether a server answered that it takes the other form, and so did nothing. */
  abstract boolean isRefusedBy(Answer answer);

  /**
   * Writes a whole request body, in ASCII as Leshan reads it in its platform's charset; {@code
   * keyHex} stays the caller's.
   */
  void write(DeviceCredential credential, byte[] keyHex, OutputStream out) {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.setHighestNonEscapedChar(0x7f);
      json.writeStartObject();
      json.writeStringField("endpoint", credential.endpoint());
      writeBody(json, credential, keyHex);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written to", e);
    }
  }

  Dialect other() {
    return this == NEWER ? OLDER : NEWER;
  }

  /** Names the Leshan versions that speak it, for people. */
  String versions() {
    return versions;
  }

  private static void writePsk(
      JsonGenerator json, String field, DeviceCredential credential, byte[] keyHex)
      throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("identity", credential.pskIdentity().asString());
    json.writeFieldName("key");
    json.writeUTF8String(keyHex, 0, keyHex.length);
    json.writeEndObject();
  }
}
