// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.leshan.RegistrationCheck.Verdict;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.Deregistration;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationServiceImpl;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.servers.security.EditableSecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.eclipse.leshan.servers.security.SecurityStore;
import org.eclipse.leshan.servers.security.SecurityStoreListener;

/**
 * Ends the registration of an endpoint whose credential is removed, or which is revoked, as if the
 * device had deregistered: its observations are cancelled, and Leshan's listeners are called.
 *
 * <ul>
 *   <li>A revoked endpoint loses its registration whatever its security mode.
 *   <li>One made with a pre-shared key ends when the credential is removed. When a credential is
 *       replaced, the registration stays, and the device comes back with the new one.
 *   <li>One made with a raw public key, a certificate or OSCORE ends when the endpoint's info is
 *       removed as compromised, as its session does. If it is removed as not compromised, Leshan
 *       lets session and registration live on, and the device's next update is refused.
 *   <li>When an endpoint changes between PSK and another mode by {@link LeshanSecurityStore#add},
 *       its registration ends with its session, and the device registers again.
 * </ul>
 *
 * <p>When the registration of a revoked endpoint ends, so does the DTLS session it was made with.
 *
 * <p>A registration store may outlive the server, and the credential store may change while the
 * server is down. A sweep therefore compares all registrations with the credential store: when the
 * server starts, or when this is attached to a server that runs; after each {@link
 * CredentialStoreListener#changesMissed}; every ten minutes; and {@linkplain #sweep on demand}. It
 * ends those of revoked endpoints, and those made with a PSK identity that is not, or no longer,
 * the endpoint's, and removes infos of revoked endpoints. It ends no registration for want of an
 * info, since a server may still be about to add it. Where servers share a registration store,
 * their clocks should agree to a second or so.
 */
public final class RegistrationTerminator implements AutoCloseable {
  private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
  private static final Duration INTERVAL = Duration.ofMinutes(10);

  private final RegistrationServiceImpl registrations;
  private final CredentialStore credentials;
  private final RegistrationCheck check;
  private final SecurityStore infos;
  private final PendingEnds compromised = new PendingEnds(this::endUnlessReplaced);
  private final RepeatedTask sweeps;
  private final CredentialStoreListener onRetired = new Retirements();
  private final RegistrationListener onRegistered = new Recheck();
  private final SecurityStoreListener onInfosRemoved = this::infosRemoved;
  private volatile boolean closed;

  private RegistrationTerminator(
      LeshanServer server, CredentialStore credentials, Consumer<RuntimeException> onSweepFailure) {
    this.registrations = (RegistrationServiceImpl) server.getRegistrationService();
    this.infos = server.getSecurityStore();
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    this.check = new RegistrationCheck(credentials);
    this.sweeps =
        new RepeatedTask(
            "lwm2m-creds registration sweep", this::run, logging(onSweepFailure), RETRY_DELAY);
  }

  /**
   * Makes a server's registrations end with their credentials.
   *
   * @param server the server of these devices, started or not. With another security store than a
   *     {@link LeshanSecurityStore}, the first sweep is made at once, and the returned object is
   *     not closed with the server
   * @param credentials listened to until the returned object is closed
   * @return to be closed to stop this earlier
   */
  public static RegistrationTerminator attach(LeshanServer server, CredentialStore credentials) {
    return attach(server, credentials, failure -> {});
  }

  /**
   * Makes a server's registrations end with their credentials, and reports sweeps that fail.
   *
   * @param server as above
   * @param credentials as above
   * @param onSweepFailure called on a thread of its own with what a store threw. Registrations of
   *     which nothing is known stay, and the sweep is repeated later
   * @return to be closed to stop this earlier
   */
  public static RegistrationTerminator attach(
      LeshanServer server, CredentialStore credentials, Consumer<RuntimeException> onSweepFailure) {
    return attach(server, credentials, onSweepFailure, INTERVAL);
  }

  static RegistrationTerminator attach(
      LeshanServer server,
      CredentialStore credentials,
      Consumer<RuntimeException> onSweepFailure,
      Duration interval) {
    RegistrationTerminator terminator =
        new RegistrationTerminator(server, credentials, onSweepFailure);
    terminator.listen(interval);
    return terminator;
  }

  private static Consumer<RuntimeException> logging(Consumer<RuntimeException> onSweepFailure) {
    Consumer<RuntimeException> log = LeshanEvents::notCompared;
    return log.andThen(Objects.requireNonNull(onSweepFailure, "onSweepFailure"));
  }

  private void listen(Duration interval) {
    registrations.addListener(onRegistered);
    credentials.addListener(onRetired);
    sweeps.requestEvery(interval);
    if (infos instanceof EditableSecurityStore editable) {
      editable.addListener(onInfosRemoved);
    }
    if (infos instanceof LeshanSecurityStore ours) {
      ours.onStart(this::sweep);
      ours.onDestroy(this::close);
    } else {
      sweep();
    }
  }

  /**
   * Compares all registrations with the credential store, and ends those that are over. This
   * returns at once; one sweep runs at a time, on a thread of its own.
   */
  public void sweep() {
    sweeps.request();
  }

  /** Stops ending registrations. */
  @Override
  public void close() {
    closed = true;
    credentials.removeListener(onRetired);
    registrations.removeListener(onRegistered);
    if (infos instanceof EditableSecurityStore editable) {
      editable.removeListener(onInfosRemoved);
    }
    sweeps.stop();
  }

  /** Compares what there is with the credential store. What fails is repeated with the next. */
  private void run() {
    Failures failures = new Failures();
    failures.collect(compromised::endAll);
    if (infos instanceof LeshanSecurityStore ours) {
      failures.collect(ours.others()::removeRevoked);
    }
    RegistrationSweep sweep = new RegistrationSweep(this::verdict, this::end);
    failures.collect(() -> sweep.run(registrations.getAllRegistrations()));
    failures.rethrow();
  }

  private Verdict verdict(Registration registration) {
    return closed ? Verdict.GOES_ON : check.verdict(registration);
  }

  private void end(Registration registration) {
    if (closed) {
      return;
    }
    try {
      endSessionIfRevoked(registration);
    } finally {
      Deregistration ended = registrations.getStore().removeRegistration(registration.getId());
      if (ended != null) {
        LeshanEvents.ended(ended.getRegistration());
        registrations.fireUnregistered(ended.getRegistration(), ended.getObservations(), null);
      }
    }
  }

  /** The endpoint's info may be gone, so that nothing else knows whose the session is. */
  private void endSessionIfRevoked(Registration registration) {
    if (infos instanceof LeshanSecurityStore ours
        && !Peers.usesPsk(registration)
        && check.isRevoked(registration)) {
      ours.endSession(registration);
    }
  }

  private final class Retirements implements CredentialStoreListener {
    @Override
    public void credentialRetired(RetiredCredential retired) {
      if (retired.cause() == Cause.REPLACED) {
        return;
      }
      try {
        Registration registration = registrations.getByEndpoint(retired.endpoint());
        if (registration != null
            && (retired.cause() == Cause.REVOKED || Peers.usesPsk(registration))) {
          end(registration);
        }
      } catch (RuntimeException e) {
        sweep();
        throw e;
      }
    }

    @Override
    public void changesMissed() {
      sweep();
    }
  }

  /** Called while the security store may hold its lock, so all is done on another thread. */
  private void infosRemoved(boolean infosAreCompromised, SecurityInfo... removed) {
    if (infosAreCompromised) {
      Stream.of(removed)
          .filter(info -> info != null && !info.usePSK())
          .map(SecurityInfo::getEndpoint)
          .forEach(
              endpoint -> {
                compromised.add(endpoint);
                sweeps.execute(() -> compromised.end(endpoint));
              });
    }
  }

  private void endUnlessReplaced(String endpoint) {
    Registration registration = registrations.getByEndpoint(endpoint);
    SecurityInfo now = infos.getByEndpoint(endpoint);
    boolean isReplaced = now != null && !now.usePSK();
    if (registration != null && !isReplaced && !Peers.usesPsk(registration)) {
      end(registration);
    }
  }

  /**
   * Finds registrations that were approved just before their credential was taken away, and stored
   * just after. They are ended on another thread, so that other listeners first hear that they
   * began.
   */
  private final class Recheck implements RegistrationListener {
    @Override
    public void registered(
        Registration registration, Registration previous, Collection<Observation> observations) {
      try {
        if (!closed && check.isOver(registration)) {
          sweeps.execute(() -> end(registration));
        }
      } catch (CredentialStoreException e) {
        sweep(); // which reports and repeats what fails
      }
    }

    @Override
    public void updated(RegistrationUpdate update, Registration updated, Registration previous) {
      // a registration that was ended meanwhile cannot be updated
    }

    @Override
    public void unregistered(
        Registration registration,
        Collection<Observation> observations,
        boolean expired,
        Registration next) {
      // it has ended
    }
  }
}
