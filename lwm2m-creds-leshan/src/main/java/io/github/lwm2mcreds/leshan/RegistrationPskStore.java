package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.ScandiumPskStore;
import io.github.lwm2mcreds.store.CredentialStore;
import java.net.InetSocketAddress;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;
import org.eclipse.californium.scandium.util.ServerNames;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationStore;

/**
 * The PSK store of a Leshan server, which may itself begin a handshake with a registered device and
 * then uses that device's identity.
 */
final class RegistrationPskStore implements PskStore {
  private final ScandiumPskStore handshakes;
  private final CredentialStore credentials;
  private final RegistrationStore registrations;

  RegistrationPskStore(CredentialStore credentials, RegistrationStore registrations) {
    this.handshakes = new ScandiumPskStore(credentials);
    this.credentials = credentials;
    this.registrations = registrations;
  }

  @Override
  public boolean hasEcdhePskSupported() {
    return handshakes.hasEcdhePskSupported();
  }

  @Override
  public PskSecretResult requestPskSecretResult(
      ConnectionId cid,
      ServerNames serverName,
      PskPublicInformation identity,
      String hmacAlgorithm,
      SecretKey otherSecret,
      byte[] seed,
      boolean useExtendedMasterSecret) {
    return handshakes.requestPskSecretResult(
        cid, serverName, identity, hmacAlgorithm, otherSecret, seed, useExtendedMasterSecret);
  }

  @Override
  public PskPublicInformation getIdentity(InetSocketAddress peerAddress, ServerNames virtualHost) {
    Registration registration = registrations.getRegistrationByAdress(peerAddress);
    return registration == null
        ? null
        : credentials
            .findByEndpoint(registration.getEndpoint())
            .map(RegistrationPskStore::identity)
            .orElse(null);
  }

  private static PskPublicInformation identity(DeviceCredential credential) {
    credential.destroy();
    PskIdentity identity = credential.pskIdentity();
    return new PskPublicInformation(identity.asString(), identity.toBytes());
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    handshakes.setResultHandler(resultHandler);
  }
}
