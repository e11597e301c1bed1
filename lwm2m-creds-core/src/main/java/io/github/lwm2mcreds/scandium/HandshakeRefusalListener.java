package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.PskLookup;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.californium.scandium.AlertHandler;
import org.eclipse.californium.scandium.ConnectionListener;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.ServerHandshaker;

/**
 * Reports to a server's operator, and to nobody else, which handshakes fail and why, and logs it,
 * ten times a minute at most for each reason. A {@link PskServerConnector} has one. Set it as the
 * {@link ConnectionListener} of a connector that has a {@link ScandiumPskStore}, and as its {@link
 * AlertHandler} to see devices without a common cipher suite, too.
 *
 * <p>Scandium reports neither a wrong key nor an unknown identity: a client with either sends a
 * Finished message that does not decrypt, which is dropped. The first such message of a handshake
 * is reported; one that somebody forged in another's name looks the same.
 */
public final class HandshakeRefusalListener implements ConnectionListener, AlertHandler {
  private final PskLookup store;
  private final Consumer<HandshakeRefusal> report;
  private final Counts<HandshakeRefusal.Reason> refused =
      new Counts<>(HandshakeRefusal.Reason.class);

  /**
   * Makes a listener.
   *
   * @param store the one the handshakes use
   * @param report called on a DTLS thread, so it must return soon
   */
  public HandshakeRefusalListener(PskLookup store, Consumer<HandshakeRefusal> report) {
    this.store = Objects.requireNonNull(store, "store");
    this.report = ScandiumEvents.logging(report);
  }

  @Override
  public boolean onConnectionMacError(Connection connection) {
    if (connection.getOngoingHandshake() instanceof ServerHandshaker handshaker
        && handshaker.getPreSharedKeyIdentity() != null
        && handshaker.getDtlsContext().getMacErrors() == 1) {
      report(refusal(connection, handshaker.getPreSharedKeyIdentity()));
    }
    return false;
  }

  /** Reports that the two had no handshake parameters in common, whichever of them said so. */
  @Override
  public void onAlert(InetSocketAddress peer, AlertMessage alert) {
    if (alert.getDescription() == AlertDescription.HANDSHAKE_FAILURE) {
      report(
          new HandshakeRefusal(
              Optional.ofNullable(peer), "", HandshakeRefusal.Reason.NO_COMMON_PARAMETERS));
    }
  }

  private void report(HandshakeRefusal refusal) {
    refused.count(refusal.reason());
    report.accept(refusal);
  }

  /**
   * Counts the handshakes that were refused since this listener was made.
   *
   * @param reason why they were
   * @return how many were reported
   */
  public long refused(HandshakeRefusal.Reason reason) {
    return refused.of(reason);
  }

  private HandshakeRefusal refusal(Connection connection, PskPublicInformation received) {
    byte[] bytes = received.getBytes();
    boolean wellFormed = bytes.length > 0 && bytes.length <= PskIdentity.MAX_LENGTH;
    Optional<PskIdentity> identity =
        wellFormed ? Optional.of(PskIdentity.ofBytes(bytes)) : Optional.empty();
    return new HandshakeRefusal(
        Optional.ofNullable(connection.getPeerAddress()),
        identity
            .map(PskIdentity::toString)
            .orElseGet(() -> beginning(received.getPublicInfoAsString())),
        reason(identity));
  }

  private HandshakeRefusal.Reason reason(Optional<PskIdentity> identity) {
    try {
      Optional<PreSharedKey> psk = identity.flatMap(store::findPsk);
      psk.ifPresent(PreSharedKey::destroy);
      return psk.isPresent()
          ? HandshakeRefusal.Reason.WRONG_KEY
          : HandshakeRefusal.Reason.UNKNOWN_IDENTITY;
    } catch (RuntimeException e) {
      return HandshakeRefusal.Reason.STORE_FAILED;
    }
  }

  /** Any peer may claim text that is too long for an identity: it must not fill the log. */
  private static String beginning(String claimed) {
    return claimed.length() <= PskIdentity.MAX_LENGTH
        ? Printable.escape(claimed)
        : Printable.escape(claimed.substring(0, PskIdentity.MAX_LENGTH)) + "…";
  }

  @Override
  public void onConnectionEstablished(Connection connection) {
    // only failures are reported
  }

  @Override
  public void onConnectionRemoved(Connection connection) {
    // nothing is kept per connection
  }

  @Override
  public boolean onConnectionUpdatesSequenceNumbers(
      Connection connection, boolean writeSequenceNumber) {
    return false;
  }

  @Override
  public void beforeExecution(Connection connection) {
    // nothing to prepare
  }

  @Override
  public void updateExecution(Connection connection) {
    // nothing to follow
  }

  @Override
  public void afterExecution(Connection connection) {
    // nothing to clean up
  }
}
