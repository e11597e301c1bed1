// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.PskIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** The list of what a server holds, asked for anew each time. */
final class ClientList {
  private final URI clients;
  private final Transport transport;

  ClientList(URI clients, Transport transport) {
    this.clients = clients;
    this.transport = transport;
  }

  private interface Reader<T> {
    T read(URI uri, InputStream body) throws IOException, SecurityApiException;
  }

  /** Returns all entries, which the caller owns. */
  List<SecurityEntry> all() throws SecurityApiException {
    return read(SecurityListParser::parse);
  }

  /** Passes on an entry at a time; what takes an entry owns it. */
  void forEach(Consumer<SecurityEntry> entries) throws SecurityApiException {
    read(
        (uri, body) -> {
          SecurityListParser.parse(uri, body, entries);
          return null;
        });
  }

  /** Returns the endpoint, other than one's own, that has a PSK identity; keeps no key. */
  Optional<String> ownerOf(PskIdentity identity, String own) throws SecurityApiException {
    AtomicReference<String> owner = new AtomicReference<>();
    forEach(
        entry -> {
          if (entry.pskIdentity().equals(Optional.of(identity)) && !entry.endpoint().equals(own)) {
            owner.set(entry.endpoint());
          }
          entry.destroy();
        });
    return Optional.ofNullable(owner.get());
  }

  private <T> T read(Reader<T> reader) throws SecurityApiException {
    return transport.send(
        HttpRequest.newBuilder(clients).setHeader("Accept", "application/json").GET(),
        response -> {
          if (response.statusCode() != 200) {
            throw Answer.read(response).failure();
          }
          return reader.read(response.uri(), response.body());
        });
  }
}
