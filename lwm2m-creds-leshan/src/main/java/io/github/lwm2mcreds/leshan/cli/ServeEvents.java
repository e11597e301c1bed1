// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.RegistrationRefusal;
import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.internal.Addresses;
import io.github.lwm2mcreds.store.mirror.MirrorObserver;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Consumer;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;

/**
 * Prints what happens in a server and to the store that it follows, one line per event. In JSON,
 * endpoints and identities are as they are, so that programs can compare them.
 */
final class ServeEvents implements CredentialStoreListener, MirrorObserver, RegistrationListener {
  private static final String ENDPOINT = "endpoint";
  private static final String PSK_IDENTITY = "pskIdentity";

  /** Of handshakes that are refused since their key does not open. */
  private static final String UNREADABLE = "KEY_DOES_NOT_OPEN";

  private final Events events;
  private final Consumer<String> status;

  private final LimitedLines handshakes =
      new LimitedLines(
          (reason, lines) -> leftOut("handshake-refused", "refused handshakes", reason, lines));

  private final LimitedLines registrations =
      new LimitedLines(
          (reason, lines) ->
              leftOut("registration-refused", "refused registrations", reason, lines));

  /**
   * Prints to one, and keeps the other up to date.
   *
   * @param status told in a line how the service is, when that changes
   */
  ServeEvents(Events events, Consumer<String> status) {
    this.events = events;
    this.status = status;
  }

  void following(StoreAddress store, long devices) {
    events.print(
        "following",
        "following " + store + ", devices: " + devices,
        object -> object.put("store", store.name()).put("devices", devices));
  }

  void metrics(String uri) {
    events.print("metrics", "metrics on " + uri, object -> object.put("uri", uri));
  }

  void provisioning(ProvisioningOptions.Running endpoint) {
    String uri = endpoint.server().uri().toString();
    events.print(
        "provisioning",
        "provisioning on " + uri + ", certificate " + endpoint.fingerprint(),
        object -> object.put("uri", uri).put("certificate", endpoint.fingerprint()));
  }

  void node(int id, InetSocketAddress address) {
    String text = Addresses.text(address);
    events.print(
        "node",
        "node " + id + ", reached by the others at " + text,
        object -> object.put("node", id).put("address", text));
  }

  void listening(String uri) {
    events.print("listening", "listening on " + uri, object -> object.put("uri", uri));
  }

  @Override
  public void registered(
      Registration registration, Registration previous, Collection<Observation> observations) {
    print("registered", registration);
  }

  @Override
  public void updated(RegistrationUpdate update, Registration updated, Registration previous) {
    print("updated", updated);
  }

  @Override
  public void unregistered(
      Registration registration,
      Collection<Observation> observations,
      boolean expired,
      Registration next) {
    if (next == null) {
      print(expired ? "expired" : "deregistered", registration);
    }
  }

  private void print(String event, Registration registration) {
    String endpoint = registration.getEndpoint();
    events.print(
        event, event + " " + Printable.escape(endpoint), object -> object.put(ENDPOINT, endpoint));
  }

  private void leftOut(String event, String what, Object reason, long lines) {
    events.print(
        "left-out",
        String.format(
            Locale.ROOT,
            "... %,d more %s (%s) left out",
            lines,
            what,
            reason.toString().toLowerCase(Locale.ROOT).replace('_', ' ')),
        object -> object.put("of", event).put("reason", reason.toString()).put("count", lines));
  }

  /** Prints what was left out by now. */
  void flush() {
    handshakes.flush();
    registrations.flush();
  }

  void refused(HandshakeRefusal refusal) {
    handshakes.print(refusal.reason(), () -> print(refusal));
  }

  private void print(HandshakeRefusal refusal) {
    events.print(
        "handshake-refused",
        "refused handshake: " + refusal.text(),
        object ->
            object
                .put("reason", refusal.reason().name())
                .put(PSK_IDENTITY, identity(refusal))
                .put("peer", refusal.peer().map(Addresses::text).orElse(null))
                .put("hint", refusal.hint().isEmpty() ? null : refusal.hint()));
  }

  /** Returns the claimed identity; of one that no credential can have, the escaped beginning. */
  private static String identity(HandshakeRefusal refusal) {
    return refusal
        .identity()
        .map(PskIdentity::asString)
        .orElse(refusal.pskIdentity().isEmpty() ? null : refusal.pskIdentity());
  }

  void refused(RegistrationRefusal refusal) {
    registrations.print(refusal.reason(), () -> print(refusal));
  }

  private void print(RegistrationRefusal refusal) {
    events.print(
        "registration-refused",
        "refused registration: "
            + refusal.endpoint()
            + " by "
            + refusal.peer()
            + ": "
            + refusal.reason(),
        object ->
            object
                .put(ENDPOINT, refusal.claimedEndpoint())
                .put("peer", refusal.peer())
                .put("reason", refusal.reason()));
  }

  void sweepFailed(RuntimeException failure) {
    events.print("sweep-failed", "registrations not compared yet", failure.getMessage());
  }

  /** Names the identity too, since a rotating endpoint has two credentials. */
  @Override
  public void credentialRetired(RetiredCredential retired) {
    String identity = retired.pskIdentity().asString();
    String cause = retired.cause().name().toLowerCase(Locale.ROOT);
    boolean isOwn = identity.equals(retired.endpoint());
    events.print(
        cause,
        cause
            + " "
            + Printable.escape(retired.endpoint())
            + (isOwn ? "" : ", identity " + StoreRow.quoted(retired.pskIdentity())),
        object -> object.put(ENDPOINT, retired.endpoint()).put(PSK_IDENTITY, identity));
  }

  @Override
  public void lost(CredentialStoreException failure) {
    String text = "store lost, serving the devices known so far";
    status.accept(text + ": " + failure.getMessage());
    events.print("store-lost", text, failure.getMessage());
  }

  @Override
  public void resumed() {
    String text = "store back and caught up";
    status.accept(text);
    events.print("store-back", text, object -> {});
  }

  @Override
  public void historyChanged(Position followed, Position loaded) {
    events.print(
        "history-changed",
        "history changed: change "
            + followed.number()
            + " that this server followed is not in the store, whose history now ends at change "
            + loaded.number()
            + ": an older state was restored, or a fail-over lost changes; revocations that were"
            + " lost have to be made again",
        object -> object.put("followed", followed.number()).put("loaded", loaded.number()));
  }

  @Override
  public void unreadable(CredentialStoreException failure) {
    handshakes.print(
        UNREADABLE, () -> events.print("unreadable", "refused handshake", failure.getMessage()));
  }
}
