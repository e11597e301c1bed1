package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.Printable;
import java.util.Objects;
import java.util.function.Consumer;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.core.peer.LwM2mPeer;
import org.eclipse.leshan.core.peer.PskIdentity;
import org.eclipse.leshan.core.request.UplinkRequest;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.security.Authorizer;
import org.eclipse.leshan.server.security.DefaultAuthorizer;
import org.eclipse.leshan.servers.security.Authorization;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.eclipse.leshan.servers.security.SecurityStore;

/** Leshan's default authoriser, which also tells the operator whom it turned down and why. */
public final class ReportingAuthorizer implements Authorizer {
  private final SecurityStore store;
  private final Authorizer authorizer;
  private final Consumer<RegistrationRefusal> onRefusal;

  /**
   * Makes an authoriser.
   *
   * @param store the server's security store
   * @param onRefusal called on the thread of the request, so it must return soon
   */
  public ReportingAuthorizer(SecurityStore store, Consumer<RegistrationRefusal> onRefusal) {
    this.store = Objects.requireNonNull(store, "store");
    this.authorizer = new DefaultAuthorizer(store);
    this.onRefusal = Objects.requireNonNull(onRefusal, "onRefusal");
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
    }
    return result;
  }

  private RegistrationRefusal refusal(String endpoint, LwM2mIdentity identity) {
    SecurityInfo expected = store.getByEndpoint(endpoint);
    String peer =
        identity instanceof PskIdentity psk
            ? "PSK identity '" + Printable.escape(psk.getPskIdentity()) + "'"
            : Printable.escape(identity.toString());
    return new RegistrationRefusal(Printable.escape(endpoint), peer, reason(expected, identity));
  }

  private static String reason(SecurityInfo expected, LwM2mIdentity identity) {
    if (expected == null) {
      return "the endpoint has no credential";
    }
    if (identity instanceof PskIdentity psk
        && expected.usePSK()
        && !psk.getPskIdentity().equals(expected.getPskIdentity())) {
      return "the PSK identity is not the endpoint's";
    }
    return "the session is not the one the endpoint is expected to use";
  }
}
