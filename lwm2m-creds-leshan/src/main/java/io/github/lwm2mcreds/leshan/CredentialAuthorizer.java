package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStore;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.core.peer.LwM2mPeer;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.request.UpdateRequest;
import org.eclipse.leshan.core.request.UplinkRequest;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.security.Authorizer;
import org.eclipse.leshan.server.security.DefaultAuthorizer;
import org.eclipse.leshan.servers.security.Authorization;
import org.eclipse.leshan.servers.security.SecurityChecker;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.eclipse.leshan.servers.security.SecurityStore;

/**
 * Authorises a device to act as an endpoint if its session's PSK identity is that of a credential
 * of the endpoint, which has two while it rotates. Refusals are reported to the operator with the
 * reason.
 *
 * <p>In all other cases it decides as Leshan's {@link DefaultAuthorizer}: other modes by the infos
 * of {@link LeshanSecurityStore}, and no security only for an endpoint that has neither info nor
 * credential.
 *
 * <p>When a device registers or updates with its next credential, the rotation is {@linkplain
 * CredentialStore#confirm confirmed} soon after, on another thread. If that fails, the device is
 * served all the same, and its next update confirms.
 */
public final class CredentialAuthorizer implements Authorizer {
  private final CredentialStore credentials;
  private final SecurityStore others;
  private final Authorizer authorizer = new DefaultAuthorizer(null, new Checker());
  private final Confirmations confirmations;
  private final Consumer<RegistrationRefusal> onRefusal;

  /**
   * Makes an authoriser.
   *
   * @param store the server's security store; the authoriser is destroyed with it
   * @param onRefusal called on the thread of the request, so it must return soon
   * @param onConfirmFailure called with the reason why a rotation could not be confirmed, on a
   *     thread of its own
   */
  public CredentialAuthorizer(
      LeshanSecurityStore store,
      Consumer<RegistrationRefusal> onRefusal,
      Consumer<RuntimeException> onConfirmFailure) {
    this.credentials = store.credentials();
    this.others = store.others();
    this.onRefusal = Objects.requireNonNull(onRefusal, "onRefusal");
    this.confirmations = new Confirmations(credentials, onConfirmFailure);
    store.onDestroy(confirmations::stop);
  }

  @Override
  public Authorization isAuthorized(
      UplinkRequest<?> request,
      Registration registration,
      LwM2mPeer sender,
      EndpointUri endpointUri) {
    Authorization result = authorizer.isAuthorized(request, registration, sender, endpointUri);
    if (!result.isApproved()) {
      onRefusal.accept(refusal(registration.getEndpoint(), sender.getIdentity()));
    } else if (request instanceof RegisterRequest || request instanceof UpdateRequest) {
      confirmIfNext(registration.getEndpoint(), sender);
    }
    return result;
  }

  private void confirmIfNext(String endpoint, LwM2mPeer sender) {
    pskIdentity(sender.getIdentity())
        .filter(identity -> !credentials.findPskIdentity(endpoint).equals(Optional.of(identity)))
        .filter(identity -> isOf(endpoint, identity))
        .ifPresent(confirmations::confirm);
  }

  private static Optional<PskIdentity> pskIdentity(LwM2mIdentity identity) {
    return identity instanceof org.eclipse.leshan.core.peer.PskIdentity psk
        ? LeshanSecurityStore.identity(psk.getPskIdentity())
        : Optional.empty();
  }

  private boolean isOf(String endpoint, PskIdentity identity) {
    return credentials.findEndpoint(identity).filter(endpoint::equals).isPresent();
  }

  private RegistrationRefusal refusal(String endpoint, LwM2mIdentity identity) {
    String peer =
        identity instanceof org.eclipse.leshan.core.peer.PskIdentity psk
            ? "PSK identity '" + Printable.escape(psk.getPskIdentity()) + "'"
            : Printable.escape(identity.toString());
    return new RegistrationRefusal(Printable.escape(endpoint), peer, reason(endpoint, identity));
  }

  private String reason(String endpoint, LwM2mIdentity identity) {
    boolean hasCredential = credentials.hasCredential(endpoint);
    if (!hasCredential && others.getByEndpoint(endpoint) == null) {
      return "the endpoint has no credential";
    }
    Optional<PskIdentity> pskIdentity = pskIdentity(identity);
    if (hasCredential && pskIdentity.isPresent() && !isOf(endpoint, pskIdentity.get())) {
      return "the PSK identity is not the endpoint's";
    }
    return "the session is not the one the endpoint is expected to use";
  }

  /** What the default authoriser asks; it has no store of its own, and so passes no info. */
  private final class Checker extends SecurityChecker {
    @Override
    public boolean checkSecurityInfo(String endpoint, LwM2mPeer client, SecurityInfo none) {
      if (client.getIdentity() instanceof org.eclipse.leshan.core.peer.PskIdentity) {
        return pskIdentity(client.getIdentity()).filter(i -> isOf(endpoint, i)).isPresent();
      }
      return !credentials.hasCredential(endpoint)
          && super.checkSecurityInfo(endpoint, client, others.getByEndpoint(endpoint));
    }
  }
}
