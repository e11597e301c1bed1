// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.leshan.internal.WipingBuffers;
import java.io.IOException;
import java.util.Arrays;

/**
 * The body of a credential that is put, in either dialect of Leshan's: {@code
 * {"endpoint":E,"tls":{"mode":"psk","details":{"identity":I,"key":HEX}}}}, or {@code
 * {"endpoint":E,"psk":{"identity":I,"key":HEX}}} as before 2.0.0-M8. The key never becomes a {@code
 * String}.
 */
final class CredentialBody implements AutoCloseable {
  /** How Leshan begins; scripts and clients know it by this. */
  private static final String INVALID = "Invalid request body";

  private static final JsonFactory JSON = WipingBuffers.jsonFactory();

  private final JsonParser json;
  private String endpoint;
  private String identity;
  private byte[] keyHex = {};
  private boolean hasPsk;

  private CredentialBody(JsonParser json) {
    this.json = json;
  }

  /** Reads a credential, which the caller destroys; {@code body} stays the caller's. */
  static DeviceCredential read(byte[] body, int length) throws Refusal {
    try (JsonParser json = JSON.createParser(body, 0, length);
        CredentialBody parsed = new CredentialBody(json)) {
      json.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
      parsed.read();
      return parsed.credential();
    } catch (JsonProcessingException e) {
      throw invalid("it is not the JSON of a credential"); // its own message may show a key
    } catch (InvalidCredentialException e) {
      throw invalid(e.getMessage());
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be read", e);
    }
  }

  private static Refusal invalid(String what) {
    return Refusal.notUnderstood(INVALID + ": " + what);
  }

  private void read() throws IOException, Refusal {
    expect(json.nextToken(), JsonToken.START_OBJECT, "a credential");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "endpoint" -> endpoint = text("endpoint");
        case "tls" -> readTls();
        case "psk" -> readPsk();
        case "rpk", "oscore" -> throw otherMode();
        case "x509" -> requirePsk(value == JsonToken.VALUE_FALSE);
        default -> json.skipChildren();
      }
    }
    expect(json.nextToken(), null, "the end");
  }

  private static void requirePsk(boolean isPsk) throws Refusal {
    if (!isPsk) {
      throw otherMode();
    }
  }

  private static Refusal otherMode() {
    return invalid("only pre-shared keys are kept here (psk)");
  }

  private void readTls() throws IOException, Refusal {
    expect(json.currentToken(), JsonToken.START_OBJECT, "tls");
    String mode = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      if (field.equals("mode")) {
        mode = text("mode");
      } else if (field.equals("details") && value == JsonToken.START_OBJECT) {
        readPsk();
      } else {
        json.skipChildren();
      }
    }
    requirePsk(mode.equals("psk"));
  }

  private void readPsk() throws IOException, Refusal {
    if (hasPsk) {
      throw invalid("it holds two credentials; send one");
    }
    hasPsk = true;
    expect(json.currentToken(), JsonToken.START_OBJECT, "psk");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      if (field.equals("identity")) {
        identity = text("identity");
      } else if (field.equals("key")) {
        expect(value, JsonToken.VALUE_STRING, "key");
        takeKey(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
      } else {
        json.skipChildren();
      }
    }
  }

  private void takeKey(char[] buffer, int offset, int length) {
    keyHex = new byte[length];
    for (int i = 0; i < length; i++) {
      char c = buffer[offset + i];
      keyHex[i] = (byte) (c < 0x80 ? c : '?');
    }
    Arrays.fill(buffer, offset, offset + length, '\0');
  }

  private String text(String what) throws IOException, Refusal {
    expect(json.currentToken(), JsonToken.VALUE_STRING, what);
    return json.getText();
  }

  private static void expect(JsonToken found, JsonToken expected, String what) throws Refusal {
    if (found != expected) {
      throw invalid("something else is where " + what + " should be");
    }
  }

  private DeviceCredential credential() throws Refusal {
    if (endpoint == null || identity == null) {
      throw invalid("it needs an endpoint and a PSK identity");
    }
    if (keyHex.length == 0
        || keyHex.length % 2 != 0
        || HexDigits.indexOfNonDigit(keyHex, 0, keyHex.length) >= 0) {
      throw invalid("key parameter must be a valid hex string, two digits for each byte");
    }
    PreSharedKey key =
        SecretBytes.useAndWipe(HexDigits.decode(keyHex, 0, keyHex.length), PreSharedKey::copyOf);
    try {
      return DeviceCredential.of(endpoint, PskIdentity.of(identity), key);
    } catch (InvalidCredentialException e) {
      key.destroy();
      throw e;
    }
  }

  @Override
  public void close() {
    Arrays.fill(keyHex, (byte) 0);
  }
}
