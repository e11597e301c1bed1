// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.RefusedCredentialException;
import io.github.lwm2mcreds.WeakKeyException;
import io.github.lwm2mcreds.leshan.provisioning.Refusal.Reason;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** What callers may do to the store, each in the caller's name. */
final class CredentialCalls {
  /** Tells our client that it may go on without a list, as it can replace nothing. */
  static final String ROLE_HEADER = "Lwm2m-Creds-Role";

  private static final String NOT_FOUND = "{\"message\":\"not_found\"}";

  private final ManagedCredentialStore store;

  CredentialCalls(ManagedCredentialStore store) {
    this.store = store;
  }

  /** Refuses what a role may not do; done before any of the body is read. */
  static void requireAllowed(AccessEntry caller, Route route) throws Refusal {
    if (caller.role() == ProvisioningRole.FACTORY && route.action() != Route.Action.PUT) {
      throw notAllowed("a factory may add credentials, and neither list nor remove any");
    }
  }

  private static Refusal notAllowed(String why) {
    return new Refusal(
        Reason.NOT_ALLOWED, 403, why, Map.of(ROLE_HEADER, ProvisioningRole.FACTORY.id()));
  }

  /** Stores the credential in a body; of a factory only where the endpoint has none. */
  void put(AccessEntry caller, Route route, byte[] body, int length) throws Refusal {
    DeviceCredential credential = CredentialBody.read(body, length);
    try {
      if (!route.endpoint().isEmpty() && !route.endpoint().equals(credential.endpoint())) {
        throw Refusal.notUnderstood("the path names another endpoint than the body");
      }
      if (caller.role() == ProvisioningRole.FACTORY) {
        change(caller, of -> of.add(credential));
      } else {
        change(caller, of -> of.put(credential));
      }
    } finally {
      credential.destroy();
    }
  }

  /** Returns what is answered: nothing, or that there was no such endpoint. */
  String remove(AccessEntry caller, String endpoint) throws Refusal {
    return change(caller, of -> of.remove(endpoint)) ? "" : NOT_FOUND;
  }

  void revoke(AccessEntry caller, Route route) throws Refusal {
    change(caller, of -> of.revoke(route.endpoint(), route.reason()));
  }

  private interface Change<T> {
    T make(ManagedCredentialStore store);
  }

  private <T> T change(AccessEntry caller, Change<T> change) throws Refusal {
    try {
      return store.changeAs(caller.actor(), change::make);
    } catch (DuplicatePskIdentityException e) {
      // Leshan's own words, which scripts and clients know.
      throw new Refusal(
          Reason.CONFLICT, 400, "PSK Identity " + e.pskIdentity().asString() + " is already used");
    } catch (WeakKeyException e) {
      throw new Refusal(Reason.WEAK_KEY, 400, e.getMessage());
    } catch (RefusedCredentialException e) {
      throw new Refusal(Reason.CONFLICT, 409, e.getMessage());
    } catch (CredentialStoreException e) {
      throw failed(e);
    } catch (IllegalArgumentException e) { // of the reason of a revocation
      throw Refusal.notUnderstood(e.getMessage());
    }
  }

  /** Writes the list; once that has begun, a failure can only cut it off. */
  void list(OutputStream out) throws IOException {
    CredentialListing.write(store, out);
  }

  static Refusal failed(CredentialStoreException e) {
    return Refusal.failed(
        Reason.STORE_FAILED,
        503,
        "the store cannot do it now, and nothing was changed; the server's log tells why",
        e);
  }
}
