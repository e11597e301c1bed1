// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.NOT_LESHAN;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.github.lwm2mcreds.leshan.internal.WipingBuffers;
import io.github.lwm2mcreds.leshan.rest.SecurityEntry.Mode;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the list of clients in either dialect as it arrives, keeping nothing but its entries.
 *
 * <p>Keys are taken from the parser's buffer, which is wiped, and never become a {@code String}.
 */
final class SecurityListParser {
  private static final JsonFactory JSON = WipingBuffers.jsonFactory();

  private final URI uri;
  private final JsonParser json;

  private SecurityListParser(URI uri, JsonParser json) {
    this.uri = uri;
    this.json = json;
  }

  /** Reads a whole list; {@code uri} is where it came from, for messages. */
  static List<SecurityEntry> parse(URI uri, InputStream in)
      throws IOException, SecurityApiException {
    List<SecurityEntry> entries = new ArrayList<>();
    boolean complete = false;
    try {
      parse(uri, in, entries::add);
      complete = true;
      return entries;
    } finally {
      if (!complete) {
        entries.forEach(SecurityEntry::destroy);
      }
    }
  }

  /** Reads a list an entry at a time; what took an entry owns it. */
  static void parse(URI uri, InputStream in, Consumer<SecurityEntry> entries)
      throws IOException, SecurityApiException {
    try (JsonParser json = JSON.createParser(in)) {
      new SecurityListParser(uri, json).readInto(entries);
    } catch (JsonProcessingException | CharConversionException e) {
      // Its message may show a key.
      throw notLeshan(uri, "text that is not the JSON of a list of clients");
    }
  }

  private void readInto(Consumer<SecurityEntry> entries) throws IOException, SecurityApiException {
    expect(json.nextToken(), JsonToken.START_ARRAY, "a list of clients");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.START_OBJECT, "a client");
      entries.accept(readEntry());
    }
    expect(json.nextToken(), null, "the end of the list");
  }

  private SecurityEntry readEntry() throws IOException, SecurityApiException {
    try (EntryDraft draft = new EntryDraft()) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        switch (field) {
          case "endpoint" -> draft.endpoint(readString("an endpoint"));
          case "tls" -> readTls(draft);
          case "psk" -> readDetails(draft.mode(Mode.PSK));
          case "rpk" -> skipAs(Mode.RPK, draft);
          case "oscore" -> {
            draft.oscore();
            json.skipChildren();
          }
          case "x509" -> {
            if (value != JsonToken.VALUE_FALSE) {
              skipAs(Mode.X509, draft);
            }
          }
          default -> json.skipChildren();
        }
      }
      if (!draft.hasEndpoint()) {
        throw notLeshan(uri, "a client without an endpoint");
      }
      return draft.finish();
    }
  }

  private void skipAs(Mode mode, EntryDraft draft) throws IOException {
    draft.mode(mode);
    json.skipChildren();
  }

  private void readTls(EntryDraft draft) throws IOException, SecurityApiException {
    expect(json.currentToken(), JsonToken.START_OBJECT, "the credential of a client");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      if (field.equals("mode")) {
        draft.mode(modeOf(readString("a security mode")));
      } else if (field.equals("details") && value == JsonToken.START_OBJECT) {
        readDetails(draft);
      } else {
        json.skipChildren();
      }
    }
  }

  private static Mode modeOf(String name) {
    return switch (name) {
      case "psk" -> Mode.PSK;
      case "rpk" -> Mode.RPK;
      case "x509" -> Mode.X509;
      default -> Mode.OTHER;
    };
  }

  private void readDetails(EntryDraft draft) throws IOException, SecurityApiException {
    expect(json.currentToken(), JsonToken.START_OBJECT, "the credential of a client");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      if (field.equals("identity")) {
        draft.identity(readString("a PSK identity"));
      } else if (field.equals("key") && value == JsonToken.VALUE_STRING) {
        draft.takeKey(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
      } else if (field.equals("checkValue") && value == JsonToken.VALUE_STRING) {
        draft.checkValue(json.getText());
      } else {
        json.skipChildren();
      }
    }
  }

  private String readString(String what) throws IOException, SecurityApiException {
    expect(json.currentToken(), JsonToken.VALUE_STRING, what);
    return json.getText();
  }

  private void expect(JsonToken found, JsonToken expected, String what)
      throws SecurityApiException {
    if (found != expected) {
      throw notLeshan(uri, "JSON with something else where " + what + " should be");
    }
  }

  private static SecurityApiException notLeshan(URI uri, String what) {
    return new SecurityApiException(
        NOT_LESHAN,
        200,
        uri
            + " does not answer as Leshan's security API does but sent "
            + what
            + "; check the server's address and path");
  }
}
