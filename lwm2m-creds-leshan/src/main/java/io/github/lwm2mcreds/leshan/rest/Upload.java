// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.REJECTED;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNSENDABLE;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Arrays;
import java.util.Optional;

/**
 * Sends credentials in the dialect that the server takes.
 *
 * <p>It begins with the newer one. A server that refuses a dialect has done nothing, so the other
 * is tried; what the server took last is where the next credential begins.
 */
final class Upload {
  private final URI clients;
  private final Transport transport;
  private final ClientList list;
  private final boolean unremovableAllowed;
  private volatile Dialect dialect = Dialect.NEWER;

  Upload(URI clients, Transport transport, ClientList list, boolean unremovableAllowed) {
    this.clients = clients;
    this.transport = transport;
    this.list = list;
    this.unremovableAllowed = unremovableAllowed;
  }

  void requireSendable(String endpoint, PskIdentity pskIdentity) throws SecurityApiException {
    if (!EntryDraft.isUnicode(pskIdentity.asString())) {
      throw new SecurityApiException(
          UNSENDABLE,
          "the PSK identity '"
              + pskIdentity
              + "' is not UTF-8, and Leshan's security API carries text only");
    }
    if (!unremovableAllowed) {
      EndpointPath.requireRemovable(endpoint);
    }
  }

  void put(DeviceCredential credential) throws SecurityApiException {
    requireSendable(credential.endpoint(), credential.pskIdentity());
    send(credential);
  }

  /** Puts a credential even if its endpoint can never be removed. */
  void send(DeviceCredential credential) throws SecurityApiException {
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
      throw identityInUse(answer.status(), credential);
    } else {
      throw answer.failure();
    }
  }

  private SecurityApiException identityInUse(int status, DeviceCredential credential) {
    Optional<String> owner = owner(credential);
    return SecurityApiException.identityInUse(
        status,
        "the PSK identity '"
            + credential.pskIdentity()
            + "' of '"
            + Printable.escape(credential.endpoint())
            + "' belongs to "
            + owner.map(name -> "'" + Printable.escape(name) + "'").orElse("another endpoint")
            + " on the server; remove that endpoint first, or use another identity",
        owner);
  }

  /** Asks the server, whose own words do not tell; without an answer the refusal still stands. */
  private Optional<String> owner(DeviceCredential credential) {
    try {
      return list.ownerOf(credential.pskIdentity(), credential.endpoint());
    } catch (SecurityApiException e) {
      return Optional.empty();
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
