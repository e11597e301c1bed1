package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.peer.PskIdentity;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.Deregistration;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationServiceImpl;
import org.eclipse.leshan.server.registration.RegistrationUpdate;

/**
 * Ends the registration of an endpoint whose credential is removed or revoked, as if the device had
 * deregistered: its observations are cancelled, and Leshan's listeners are called.
 *
 * <p>When a credential is replaced, the registration stays, and the device comes back with the new
 * one. When an endpoint changes from PSK to another mode by {@link LeshanSecurityStore#add}, its
 * registration ends with its session, and the device registers again.
 */
public final class RegistrationTerminator implements AutoCloseable {
  private final RegistrationServiceImpl registrations;
  private final CredentialStore credentials;
  private final CredentialStoreListener onRetired = this::credentialRetired;
  private final RegistrationListener onRegistered = new Recheck();

  private RegistrationTerminator(
      RegistrationServiceImpl registrations, CredentialStore credentials) {
    this.registrations = registrations;
    this.credentials = credentials;
  }

  /**
   * Makes a server's registrations end with their credentials.
   *
   * @param server the server of these devices
   * @param credentials listened to until the returned object is closed
   * @return to be closed to stop this
   */
  public static RegistrationTerminator attach(LeshanServer server, CredentialStore credentials) {
    RegistrationTerminator terminator =
        new RegistrationTerminator(
            (RegistrationServiceImpl) server.getRegistrationService(),
            Objects.requireNonNull(credentials, "credentials"));
    terminator.registrations.addListener(terminator.onRegistered);
    credentials.addListener(terminator.onRetired);
    return terminator;
  }

  /** Stops ending registrations. */
  @Override
  public void close() {
    credentials.removeListener(onRetired);
    registrations.removeListener(onRegistered);
  }

  private void credentialRetired(RetiredCredential retired) {
    if (retired.cause() != Cause.REPLACED) {
      Registration registration = registrations.getByEndpoint(retired.endpoint());
      if (registration != null) {
        end(registration);
      }
    }
  }

  private void end(Registration registration) {
    Deregistration ended = registrations.getStore().removeRegistration(registration.getId());
    if (ended != null) {
      registrations.fireUnregistered(ended.getRegistration(), ended.getObservations(), null);
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
      if (registration.getClientTransportData().getIdentity() instanceof PskIdentity
          && !credentials.hasCredential(registration.getEndpoint())) {
        CompletableFuture.runAsync(() -> end(registration));
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
