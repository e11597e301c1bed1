// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.store.CredentialStore;
import java.util.Objects;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.servers.DefaultServerEndpointNameProvider;
import org.eclipse.leshan.servers.ServerEndpointNameProvider;

/**
 * The names of devices that omit theirs when they register, as LwM2M 1.1 allows: a PSK identity
 * stands for the endpoint whose credential it is, also after a rotation. By itself Leshan takes the
 * identity for the name.
 *
 * <p>Pass it to Leshan's builder; {@link PskServer} does.
 */
public final class CredentialEndpointNames implements ServerEndpointNameProvider {
  private final CredentialStore credentials;
  private final ServerEndpointNameProvider others;

  /**
   * Makes names that are, in modes other than PSK, those of Leshan.
   *
   * @param credentials asked when a device registers without a name
   */
  public CredentialEndpointNames(CredentialStore credentials) {
    this(credentials, new DefaultServerEndpointNameProvider());
  }

  /**
   * Makes names.
   *
   * @param credentials asked when a device registers without a name
   * @param others asked for the names of devices in other modes than PSK
   */
  public CredentialEndpointNames(CredentialStore credentials, ServerEndpointNameProvider others) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    this.others = Objects.requireNonNull(others, "others");
  }

  /**
   * Returns the name of a device.
   *
   * @return null if it is not known; the device is then refused
   */
  @Override
  public String getEndpointName(LwM2mIdentity identity) {
    return Peers.usesPsk(identity)
        ? Peers.pskIdentity(identity).flatMap(credentials::findEndpoint).orElse(null)
        : others.getEndpointName(identity);
  }
}
