// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.scandium.HandshakeRefusal.Reason;
import io.github.lwm2mcreds.store.PskLookup;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
 * AlertHandler} to see devices without a common cipher suite or version, too. What they offer is
 * not known without {@link PskSessions}: their refusals then have no {@linkplain
 * HandshakeRefusal#offered offered} parameters, and {@link Reason#NO_COMMON_PARAMETERS} may be for
 * want of a common cipher suite.
 *
 * <p>Scandium reports neither a wrong key nor an unknown identity: a client with either sends a
 * Finished message that does not decrypt, which is dropped. The first such message of a handshake
 * is reported; one that somebody forged in another's name looks the same.
 *
 * <p>In a {@link PskServerConnector}, and in every other connector with {@link PskSessions}, the
 * usual mistakes are then tried on that message: the key's hex digits as text, a line end behind
 * it, another device's key and the like. The report comes some milliseconds later, with a {@link
 * Diagnosis} if one of them fits. This is done on a thread of its own, and the peer cannot notice
 * it. In a flood of refusals, most are reported without being looked into. There, other refusals
 * have the peer's address and what it offers, and a ClientHello in fragments is reported, too.
 */
public final class HandshakeRefusalListener implements ConnectionListener, AlertHandler {
  private static final Set<AlertDescription> OF_CERTIFICATES =
      EnumSet.of(
          AlertDescription.BAD_CERTIFICATE,
          AlertDescription.UNSUPPORTED_CERTIFICATE,
          AlertDescription.CERTIFICATE_REVOKED,
          AlertDescription.CERTIFICATE_EXPIRED,
          AlertDescription.CERTIFICATE_UNKNOWN,
          AlertDescription.UNKNOWN_CA,
          AlertDescription.ACCESS_DENIED);

  private final PskLookup store;
  private final Consumer<HandshakeRefusal> report;
  private final Diagnoses diagnoses;
  private final DiagnosisQueue queue;
  private final Counts<Reason> refused;

  /**
   * Makes a listener.
   *
   * @param store the one the handshakes use
   * @param report called on DTLS threads and one other, so it must return soon
   */
  public HandshakeRefusalListener(PskLookup store, Consumer<HandshakeRefusal> report) {
    this.store = Objects.requireNonNull(store, "store");
    this.report = ScandiumEvents.logging(report);
    this.diagnoses = new Diagnoses(store);
    this.queue = new DiagnosisQueue();
    this.refused = new Counts<>(Reason.class);
  }

  private HandshakeRefusalListener(
      HandshakeRefusalListener first, Consumer<HandshakeRefusal> second) {
    this.store = first.store;
    this.report = first.report.andThen(Objects.requireNonNull(second, "report"));
    this.diagnoses = first.diagnoses;
    this.queue = first.queue;
    this.refused = first.refused;
  }

  /** Returns one that reports to another, too. The two count and log together. */
  HandshakeRefusalListener andThen(Consumer<HandshakeRefusal> other) {
    return new HandshakeRefusalListener(this, other);
  }

  /**
   * Counts the handshakes that were refused since this listener was made.
   *
   * @param reason why they were
   * @return how many were or are about to be reported
   */
  public long refused(Reason reason) {
    return refused.of(reason);
  }

  /**
   * Counts the wrong keys and unknown identities that were reported without being looked into,
   * since there were too many.
   *
   * @return how many since this listener was made
   */
  public long undiagnosed() {
    return queue.leftOut();
  }

  @Override
  public boolean onConnectionMacError(Connection connection) {
    if (connection.getOngoingHandshake() instanceof ServerHandshaker handshaker
        && handshaker.getPreSharedKeyIdentity() != null
        && handshaker.getDtlsContext().getMacErrors() == 1) {
      refused(connection.getPeerAddress(), handshaker);
    }
    return false;
  }

  private void refused(InetSocketAddress peer, ServerHandshaker handshaker) {
    PskPublicInformation received = handshaker.getPreSharedKeyIdentity();
    byte[] bytes = received.getBytes();
    boolean wellFormed = bytes.length > 0 && bytes.length <= PskIdentity.MAX_LENGTH;
    Optional<PskIdentity> identity =
        wellFormed ? Optional.of(PskIdentity.ofBytes(bytes)) : Optional.empty();
    HandshakeRefusal refusal =
        new HandshakeRefusal(
            Optional.ofNullable(peer),
            identity
                .map(PskIdentity::toString)
                .orElseGet(() -> beginning(received.getPublicInfoAsString())),
            reason(identity),
            List.of(),
            Optional.empty(),
            identity);
    refused.count(refusal.reason());
    HandshakeWatch.count(peer, received, refusal.reason());
    boolean later =
        refusal.reason() != Reason.STORE_FAILED
            && identity.isPresent()
            && queue.submit(identity.get(), () -> diagnosis(refusal, identity.get(), handshaker));
    if (!later) {
      report.accept(refusal);
    }
  }

  private Reason reason(Optional<PskIdentity> identity) {
    try {
      Optional<PreSharedKey> psk = identity.flatMap(store::findPsk);
      psk.ifPresent(PreSharedKey::destroy);
      return psk.isPresent() ? Reason.WRONG_KEY : Reason.UNKNOWN_IDENTITY;
    } catch (RuntimeException e) {
      return Reason.STORE_FAILED;
    }
  }

  /** Returns what finds the diagnosis and reports, without the handshake, which ends meanwhile. */
  private Runnable diagnosis(
      HandshakeRefusal refusal, PskIdentity identity, ServerHandshaker handshaker) {
    Optional<FailedRecord> failed = HandshakeWatch.takeFailed(handshaker);
    return () -> report.accept(refusal.with(find(refusal.reason(), identity, failed)));
  }

  private Optional<Diagnosis> find(
      Reason reason, PskIdentity identity, Optional<FailedRecord> failed) {
    Predicate<byte[]> fits = key -> failed.isPresent() && failed.get().test(key);
    try {
      return reason == Reason.WRONG_KEY
          ? diagnoses.ofWrongKey(identity, fits)
          : diagnoses.ofUnknownIdentity(identity, fits);
    } catch (RuntimeException e) {
      return Optional.empty(); // the store fails meanwhile, for example
    }
  }

  /** Any peer may claim text that is too long for an identity: it must not fill the log. */
  private static String beginning(String claimed) {
    return claimed.length() <= PskIdentity.MAX_LENGTH
        ? Printable.escape(claimed)
        : Printable.escape(claimed.substring(0, PskIdentity.MAX_LENGTH)) + "…";
  }

  /**
   * Reports that the two had no parameters or no version in common, or that one did not trust the
   * other's certificate, whichever of them said so.
   */
  @Override
  public void onAlert(InetSocketAddress peer, AlertMessage alert) {
    Optional<ReceivedHello> hello = HandshakeWatch.hello();
    if (alert.getDescription() == AlertDescription.HANDSHAKE_FAILURE) {
      Optional<ReceivedHello> foreign = hello.filter(h -> !HandshakeWatch.hasCommonSuite(h));
      report(
          peer,
          foreign.isPresent() ? Reason.NO_COMMON_CIPHER_SUITE : Reason.NO_COMMON_PARAMETERS,
          foreign.map(ReceivedHello::suiteNames).orElse(List.of()));
    } else if (alert.getDescription() == AlertDescription.PROTOCOL_VERSION) {
      List<String> version = hello.map(ReceivedHello::versionName).map(List::of).orElse(List.of());
      report(peer, Reason.UNSUPPORTED_VERSION, version);
    } else if (OF_CERTIFICATES.contains(alert.getDescription())) {
      report(peer, Reason.CERTIFICATE_REFUSED, List.of());
    }
  }

  void onFragmentedHello(InetSocketAddress peer) {
    report(peer, Reason.FRAGMENTED_CLIENT_HELLO, List.of());
  }

  private void report(InetSocketAddress peer, Reason reason, List<String> offered) {
    Optional<InetSocketAddress> from = Optional.ofNullable(peer).or(HandshakeWatch::peer);
    refused.count(reason);
    HandshakeWatch.count(from.orElse(null), null, reason);
    report.accept(
        new HandshakeRefusal(from, "", reason, offered, Optional.empty(), Optional.empty()));
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
