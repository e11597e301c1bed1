// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.peer.LwM2mPeer;
import org.eclipse.leshan.core.request.UplinkRequest;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.security.Authorizer;
import org.eclipse.leshan.servers.security.Authorization;

/**
 * Authorisers that are asked in their order until one declines. What they all approve carries the
 * custom data of each; of two values with one name, the later counts.
 */
record AuthorizerChain(List<Authorizer> authorizers) implements Authorizer {
  @Override
  public Authorization isAuthorized(
      UplinkRequest<?> request,
      Registration registration,
      LwM2mPeer sender,
      EndpointUri endpointUri) {
    Map<String, String> customData = new HashMap<>();
    for (Authorizer authorizer : authorizers) {
      Authorization result = authorizer.isAuthorized(request, registration, sender, endpointUri);
      if (!result.isApproved()) {
        return result;
      }
      customData.putAll(result.getCustomData());
    }
    return Authorization.approved(customData);
  }
}
