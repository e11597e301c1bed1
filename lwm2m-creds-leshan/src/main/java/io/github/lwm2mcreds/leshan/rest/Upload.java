package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.IDENTITY_IN_USE;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.REJECTED;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNSENDABLE;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.SecretBytes;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Arrays;

/**
 * Sends credentials in the dialect that the server takes.
 *
 * <p>It begins with the newer one. A server that refuses a dialect has done nothing, so the other
 * is tried; what the server took last is where the next credential begins.
 */
final class Upload {
  private final URI clients;
  private final Transport transport;
  private volatile Dialect dialect = Dialect.NEWER;

  Upload(URI clients, Transport transport) {
    this.clients = clients;
    this.transport = transport;
  }

  static void requireSendable(DeviceCredential credential) throws SecurityApiException {
    if (!EntryDraft.isUnicode(credential.pskIdentity().asString())) {
      throw new SecurityApiException(
          UNSENDABLE,
          "the PSK identity '"
              + credential.pskIdentity()
              + "' is not UTF-8, and Leshan's security API carries text only");
    }
  }

  void put(DeviceCredential credential) throws SecurityApiException {
    requireSendable(credential);
    Dialect first = dialect;
    Answer answer = put(first, credential);
    if (!first.isRefusedBy(answer)) {
      conclude(first, answer, credential);
      return;
    }
    Dialect second = first.other();
    Answer secondAnswer = put(second, credential);
    if (second.isRefusedBy(secondAnswer)) {
      throw new SecurityApiException(
          REJECTED,
          secondAnswer.status(),
          clients
              + " refused the credential in both forms"
              + refusal(first, answer)
              + refusal(second, secondAnswer)
              + "; check that a Leshan server answers there, and see its log");
    }
    conclude(second, secondAnswer, credential);
  }

  private Answer put(Dialect form, DeviceCredential credential) throws SecurityApiException {
    byte[] keyHex = SecretBytes.useAndWipe(credential.psk().exposeBytes(), HexDigits::encode);
    try (SecretBody body = new SecretBody(form, credential, keyHex)) {
      return transport.send(
          HttpRequest.newBuilder(clients).setHeader("Content-Type", "application/json").PUT(body),
          response -> Answer.read(response, keyHex));
    } finally {
      Arrays.fill(keyHex, (byte) 0);
    }
  }

  private void conclude(Dialect form, Answer answer, DeviceCredential credential)
      throws SecurityApiException {
    if (answer.isDone()) {
      dialect = form;
    } else if (answer.saysIdentityInUse()) {
      dialect = form;
      throw new SecurityApiException(
          IDENTITY_IN_USE,
          answer.status(),
          "the PSK identity '"
              + credential.pskIdentity()
              + "' belongs to another endpoint on the server than '"
              + Printable.escape(credential.endpoint())
              + "'; remove that endpoint first, or use another identity");
    } else {
      throw answer.failure();
    }
  }

  private static String refusal(Dialect form, Answer answer) {
    return "; in that of Leshan "
        + form.versions()
        + " with HTTP "
        + answer.status()
        + answer.quote();
  }
}
