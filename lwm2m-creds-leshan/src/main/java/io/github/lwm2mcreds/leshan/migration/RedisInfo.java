// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.migration.NotTaken.Reason;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A security info as Leshan's Redis store writes it: JSON with {@code ep}, {@code id}, {@code psk}.
 */
final class RedisInfo {
  private static final JsonFactory JSON = new JsonFactory();

  private final EntryMaker maker;

  RedisInfo(KeyPolicy policy) {
    this.maker = new EntryMaker(policy);
  }

  /** What was found so far. */
  private static final class Draft {
    private String endpoint;
    private String identity;
    private byte[] keyHex; // null if there is none
    private final List<String> others = new ArrayList<>();

    void wipe() {
      if (keyHex != null) {
        Arrays.fill(keyHex, (byte) 0);
      }
    }
  }

  /**
   * Reads an info.
   *
   * @param named the endpoint that the key in Redis names
   */
  SourceEntry read(long number, String named, byte[] json) throws IOException {
    Draft draft = new Draft();
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return EntryMaker.notTaken(number, named, Reason.MALFORMED, "it is no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        field(parser, draft);
      }
      return entry(number, named, draft);
    } catch (JsonProcessingException | CharConversionException e) { // its message may show a key
      return EntryMaker.notTaken(number, named, Reason.MALFORMED, "it is not JSON");
    } finally {
      draft.wipe();
    }
  }

  private static void field(JsonParser parser, Draft draft) throws IOException {
    String name = parser.currentName();
    JsonToken value = parser.nextToken();
    switch (name) {
      case "ep" -> draft.endpoint = parser.getValueAsString();
      case "id" -> draft.identity = parser.getValueAsString();
      case "psk" -> {
        draft.wipe();
        draft.keyHex = value == JsonToken.VALUE_STRING ? taken(parser) : new byte[0];
      }
      case "rpk" -> draft.others.add("a raw public key");
      case "oscore" -> draft.others.add("OSCORE");
      case "x509" -> {
        if (value != JsonToken.VALUE_FALSE) {
          draft.others.add("an X.509 certificate");
        }
      }
      default -> {
        // Leshan writes no other, and one it does not know means nothing to it.
      }
    }
    parser.skipChildren();
  }

  /** Takes hex digits out of the parser's buffer, which is wiped. */
  private static byte[] taken(JsonParser parser) throws IOException {
    char[] buffer = parser.getTextCharacters();
    int offset = parser.getTextOffset();
    byte[] hex = new byte[parser.getTextLength()];
    for (int i = 0; i < hex.length; i++) {
      char c = buffer[offset + i];
      hex[i] = (byte) (c < 0x80 ? c : '?');
    }
    Arrays.fill(buffer, offset, offset + hex.length, '\0');
    return hex;
  }

  private SourceEntry entry(long number, String named, Draft draft) {
    if (!named.equals(draft.endpoint)) {
      return EntryMaker.notTaken(
          number,
          named,
          draft.endpoint == null ? Reason.NO_ENDPOINT : Reason.MALFORMED,
          draft.endpoint == null
              ? "it has no endpoint"
              : "it is of another endpoint, '" + Printable.escape(draft.endpoint) + "'");
    }
    if (!draft.others.isEmpty()) {
      String modes = String.join(" and ", draft.others);
      return draft.keyHex == null
          ? EntryMaker.otherMode(number, named, modes)
          : EntryMaker.mixedModes(number, named, modes);
    }
    if (draft.keyHex == null || draft.identity == null) {
      return EntryMaker.notTaken(
          number,
          named,
          Reason.NO_KEY,
          "it has no " + (draft.keyHex == null ? "key" : "PSK identity"));
    }
    byte[] hex = draft.keyHex;
    return maker.entry(
        number, named, () -> PskIdentity.of(draft.identity), () -> PreSharedKey.ofHex(hex));
  }
}
