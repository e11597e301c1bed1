// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStore;
import java.util.ArrayList;
import java.util.List;
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

/**
 * Authorises a device to act as an endpoint if its session's PSK identity is that of a credential
 * of the endpoint, which has two while it rotates. Refusals are reported to the operator with the
 * reason.
 *
 * <p>A revoked endpoint is refused whatever its security mode. Other modes are decided as by
 * Leshan's {@link DefaultAuthorizer}, by the infos of {@link LeshanSecurityStore}. No endpoint is
 * accepted without security, unless the server {@linkplain Builder#allowAnyoneWithoutSecurity says
 * so}. While the credentials {@linkplain CredentialStore#admitsNewcomers admit no newcomers}, since
 * they may have missed a revocation, nobody registers in another mode than PSK, whose handshakes
 * are refused; the registrations that are there can be updated.
 *
 * <p>When a device registers or updates with its next credential, the rotation is {@linkplain
 * CredentialStore#confirm confirmed} soon after, on another thread. If that fails, the device is
 * served all the same, and its next update confirms.
 *
 * <p>A server with an authoriser of its own puts this one {@linkplain Builder#behind behind} or
 * {@linkplain Builder#inFrontOf in front of} it. Who both approve is authorised, and only then is a
 * rotation confirmed.
 */
public final class CredentialAuthorizer implements Authorizer {
  private final CredentialStore credentials;
  private final OtherInfos others;
  private final Authorizer byInfos = new DefaultAuthorizer(null, new Checker());
  private final Authorizer all;
  private final Confirmations confirmations;
  private final Consumer<RegistrationRefusal> onRefusal;
  private final boolean unsecuredAllowed;

  private CredentialAuthorizer(Builder description) {
    LeshanSecurityStore store = description.store;
    this.credentials = store.credentials();
    this.others = store.others();
    this.onRefusal = description.onRefusal;
    this.unsecuredAllowed = description.unsecuredAllowed;
    this.confirmations = new Confirmations(credentials, description.onConfirmFailure);
    List<Authorizer> authorizers = new ArrayList<>();
    description.first.forEach(other -> authorizers.add(reporting(other)));
    authorizers.add(this::byCredentials);
    description.next.forEach(other -> authorizers.add(reporting(other)));
    this.all = new AuthorizerChain(authorizers);
    store.onDestroy(confirmations::stop);
  }

  /**
   * Starts describing an authoriser.
   *
   * @param store the server's security store; the authoriser is destroyed with it
   * @return a builder of an authoriser that reports nothing and accepts nobody without security
   */
  public static Builder builder(LeshanSecurityStore store) {
    return new Builder(store);
  }

  @Override
  public Authorization isAuthorized(
      UplinkRequest<?> request,
      Registration registration,
      LwM2mPeer sender,
      EndpointUri endpointUri) {
    Authorization result = all.isAuthorized(request, registration, sender, endpointUri);
    if (result.isApproved()
        && (request instanceof RegisterRequest || request instanceof UpdateRequest)) {
      confirmIfNext(registration.getEndpoint(), sender);
    }
    return result;
  }

  private Authorization byCredentials(
      UplinkRequest<?> request,
      Registration registration,
      LwM2mPeer sender,
      EndpointUri endpointUri) {
    String endpoint = registration.getEndpoint();
    LwM2mIdentity identity = sender.getIdentity();
    Optional<RefusalReason> obstacle = obstacle(request, endpoint, identity);
    Authorization result =
        obstacle.isPresent()
            ? Authorization.declined()
            : byInfos.isAuthorized(request, registration, sender, endpointUri);
    if (!result.isApproved()) {
      report(endpoint, identity, obstacle.orElseGet(() -> mismatch(endpoint, identity)));
    }
    return result;
  }

  /** Why a request is declined whatever infos there are; empty if it depends on these. */
  private Optional<RefusalReason> obstacle(
      UplinkRequest<?> request, String endpoint, LwM2mIdentity identity) {
    if (Peers.isRevoked(credentials, endpoint)) {
      return Optional.of(RefusalReason.ENDPOINT_REVOKED);
    }
    if (!unsecuredAllowed && !identity.isSecure()) {
      return Optional.of(RefusalReason.NO_SECURITY);
    }
    boolean isNewcomer = request instanceof RegisterRequest && !Peers.usesPsk(identity);
    return isNewcomer && !credentials.admitsNewcomers()
        ? Optional.of(RefusalReason.STORE_OUT_OF_REACH)
        : Optional.empty();
  }

  private Authorizer reporting(Authorizer other) {
    return (request, registration, sender, endpointUri) -> {
      Authorization result = other.isAuthorized(request, registration, sender, endpointUri);
      if (!result.isApproved()) {
        report(registration.getEndpoint(), sender.getIdentity(), RefusalReason.OTHER_AUTHORIZER);
      }
      return result;
    };
  }

  private void confirmIfNext(String endpoint, LwM2mPeer sender) {
    Peers.pskIdentity(sender.getIdentity())
        .filter(identity -> !credentials.findPskIdentity(endpoint).equals(Optional.of(identity)))
        .filter(identity -> Peers.isOf(credentials, endpoint, identity))
        .ifPresent(confirmations::confirm);
  }

  private void report(String endpoint, LwM2mIdentity identity, RefusalReason reason) {
    LeshanEvents.refused(reason, endpoint, identity);
    onRefusal.accept(RegistrationRefusal.of(endpoint, identity, reason.phrase()));
  }

  private RefusalReason mismatch(String endpoint, LwM2mIdentity identity) {
    boolean hasCredential = credentials.hasCredential(endpoint);
    if (!hasCredential && others.byEndpoint(endpoint) == null) {
      return RefusalReason.NO_CREDENTIAL;
    }
    Optional<PskIdentity> pskIdentity = Peers.pskIdentity(identity);
    if (hasCredential
        && pskIdentity.isPresent()
        && !Peers.isOf(credentials, endpoint, pskIdentity.get())) {
      return RefusalReason.OTHER_IDENTITY;
    }
    return RefusalReason.OTHER_SESSION;
  }

  /** What the default authoriser asks; it has no store of its own, and so passes no info. */
  private final class Checker extends SecurityChecker {
    @Override
    public boolean checkSecurityInfo(String endpoint, LwM2mPeer client, SecurityInfo none) {
      if (Peers.usesPsk(client.getIdentity())) {
        return Peers.pskIdentity(client.getIdentity())
            .filter(identity -> Peers.isOf(credentials, endpoint, identity))
            .isPresent();
      }
      return !credentials.hasCredential(endpoint)
          && super.checkSecurityInfo(endpoint, client, others.byEndpoint(endpoint));
    }
  }

  /** Describes an authoriser. */
  public static final class Builder {
    private final LeshanSecurityStore store;
    private Consumer<RegistrationRefusal> onRefusal = refusal -> {};
    private Consumer<RuntimeException> onConfirmFailure = failure -> {};
    private final List<Authorizer> first = new ArrayList<>();
    private final List<Authorizer> next = new ArrayList<>();
    private boolean unsecuredAllowed;

    private Builder(LeshanSecurityStore store) {
      this.store = Objects.requireNonNull(store, "store");
    }

    /**
     * Registers a callback for what is refused.
     *
     * @param report called on the thread of the request, so it must return soon
     * @return this builder
     */
    public Builder onRefusal(Consumer<RegistrationRefusal> report) {
      this.onRefusal = Objects.requireNonNull(report, "report");
      return this;
    }

    /**
     * Registers a callback for rotations that could not be confirmed.
     *
     * @param report called on a thread of its own, with what the store threw
     * @return this builder
     */
    public Builder onConfirmFailure(Consumer<RuntimeException> report) {
      this.onConfirmFailure = Objects.requireNonNull(report, "report");
      return this;
    }

    /**
     * Accepts every device without security whose endpoint has neither credential nor info and is
     * not revoked. <strong>Whoever reaches the server's coap endpoint can then register as any such
     * endpoint</strong>, also as one whose credential was removed: to keep an endpoint out, revoke
     * it. For test networks, and networks that protect the traffic themselves.
     *
     * @return this builder
     */
    public Builder allowAnyoneWithoutSecurity() {
      this.unsecuredAllowed = true;
      return this;
    }

    /**
     * Puts the authoriser behind another, which is asked first. What it declines is reported as a
     * refusal and goes no further; its custom data become the registration's.
     *
     * @param other asked on the thread of the request, so it must return soon; of several, in the
     *     order of the calls
     * @return this builder
     */
    public Builder behind(Authorizer other) {
      first.add(Objects.requireNonNull(other, "other"));
      return this;
    }

    /**
     * Puts the authoriser in front of another, which is asked about what this one approves. What it
     * declines is reported as a refusal; its custom data become the registration's.
     *
     * @param other asked on the thread of the request, so it must return soon; of several, in the
     *     order of the calls
     * @return this builder
     */
    public Builder inFrontOf(Authorizer other) {
      next.add(Objects.requireNonNull(other, "other"));
      return this;
    }

    /**
     * Builds the authoriser.
     *
     * @return the authoriser, which is destroyed with the security store
     */
    public CredentialAuthorizer build() {
      return new CredentialAuthorizer(this);
    }
  }
}
