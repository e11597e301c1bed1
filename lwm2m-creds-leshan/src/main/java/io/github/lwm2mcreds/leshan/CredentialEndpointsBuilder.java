// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.InvalidCredentialException;
import java.util.Objects;
import java.util.function.Consumer;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.peer.LwM2mPeer;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.request.UplinkDeviceManagementRequest;
import org.eclipse.leshan.core.request.exception.InvalidRequestException;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.SendableResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.endpoint.ServerEndpointToolbox;
import org.eclipse.leshan.server.observation.LwM2mNotificationReceiver;
import org.eclipse.leshan.server.profile.ClientProfile;
import org.eclipse.leshan.server.request.UplinkDeviceManagementRequestReceiver;
import org.eclipse.leshan.servers.security.ServerSecurityInfo;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.transport.californium.server.endpoint.ServerProtocolProvider;

/**
 * Leshan's builder of endpoints, whose endpoints answer 4.00 (Bad Request) to a registration with a
 * name that no device can have, such as an empty one. Leshan's own endpoints answer 5.00 to an
 * empty name and log a stack trace. {@link PskServer} uses it.
 */
public final class CredentialEndpointsBuilder extends CaliforniumServerEndpointsProvider.Builder {
  private final Consumer<RegistrationRefusal> onRefusal;

  /**
   * Starts describing endpoints.
   *
   * @param onRefusal called when such a registration is refused, on the thread of the request, so
   *     it must return soon
   * @param protocols such as {@link PskCoapsServerProtocolProvider}
   */
  public CredentialEndpointsBuilder(
      Consumer<RegistrationRefusal> onRefusal, ServerProtocolProvider... protocols) {
    super(protocols);
    this.onRefusal = Objects.requireNonNull(onRefusal, "onRefusal");
  }

  @Override
  public CaliforniumServerEndpointsProvider build() {
    generateDefaultValue();
    return new Endpoints(this);
  }

  private static final class Endpoints extends CaliforniumServerEndpointsProvider {
    private final Consumer<RegistrationRefusal> onRefusal;

    Endpoints(CredentialEndpointsBuilder description) {
      super(description);
      this.onRefusal = description.onRefusal;
    }

    @Override
    public void createEndpoints(
        UplinkDeviceManagementRequestReceiver requestReceiver,
        LwM2mNotificationReceiver notificationReceiver,
        ServerEndpointToolbox toolbox,
        ServerSecurityInfo serverSecurityInfo,
        LeshanServer server) {
      super.createEndpoints(
          new NameCheck(requestReceiver, onRefusal),
          notificationReceiver,
          toolbox,
          serverSecurityInfo,
          server);
    }
  }

  /** A request without a name has none to check. */
  private record NameCheck(
      UplinkDeviceManagementRequestReceiver next, Consumer<RegistrationRefusal> onRefusal)
      implements UplinkDeviceManagementRequestReceiver {
    @Override
    public <T extends LwM2mResponse> SendableResponse<T> requestReceived(
        LwM2mPeer sender,
        ClientProfile profile,
        UplinkDeviceManagementRequest<T> request,
        EndpointUri uri) {
      if (request instanceof RegisterRequest register && register.getEndpointName() != null) {
        check(register.getEndpointName(), sender);
      }
      return next.requestReceived(sender, profile, request, uri);
    }

    private void check(String endpoint, LwM2mPeer sender) {
      try {
        DeviceCredential.requireEndpoint(endpoint);
      } catch (InvalidCredentialException e) {
        RefusalReason reason = RefusalReason.NO_NAME;
        LeshanEvents.refused(reason, endpoint, sender.getIdentity());
        onRefusal.accept(RegistrationRefusal.of(endpoint, sender.getIdentity(), reason.phrase()));
        throw new InvalidRequestException(e.getMessage(), e);
      }
    }

    @Override
    public void onError(
        LwM2mPeer sender,
        ClientProfile profile,
        Exception exception,
        Class<? extends UplinkDeviceManagementRequest<? extends LwM2mResponse>> requestType,
        EndpointUri uri) {
      next.onError(sender, profile, exception, requestType, uri);
    }
  }
}
