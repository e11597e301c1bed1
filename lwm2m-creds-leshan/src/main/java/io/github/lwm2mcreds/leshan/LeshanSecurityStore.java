// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import io.github.lwm2mcreds.store.internal.Listeners;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.leshan.core.Destroyable;
import org.eclipse.leshan.core.Startable;
import org.eclipse.leshan.core.Stoppable;
import org.eclipse.leshan.core.peer.OscoreIdentity;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.servers.security.EditableSecurityStore;
import org.eclipse.leshan.servers.security.InMemorySecurityStore;
import org.eclipse.leshan.servers.security.NonUniqueSecurityInfoException;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.eclipse.leshan.servers.security.SecurityStoreListener;

/**
 * A {@link CredentialStore} as Leshan's security store, in place of {@link InMemorySecurityStore}.
 *
 * <p>Pre-shared keys live in the credential store; security infos of other modes (raw public key,
 * X.509, OSCORE) in a delegate. An endpoint has one info, wherever it is kept.
 *
 * <p>A revocation is the endpoint's, whatever mode it uses: a revoked endpoint has no info, {@link
 * #add} refuses one in any mode, and the info it had in the delegate is removed as compromised.
 *
 * <p>Listeners are called when an info is removed and, unlike in Leshan's own stores, when it is
 * replaced: Leshan's coaps endpoint then ends the DTLS sessions made with it. This includes changes
 * made through the credential store; such a call carries the endpoint, the identity and an empty
 * key. They are also called, with the raw public key or the certificate's name, when a {@link
 * RegistrationTerminator} ends the registration of a revoked endpoint, as its info may be gone.
 *
 * <p>A {@link SecurityInfo} holds its key as a plain array that nobody wipes. Handshakes need none
 * with {@link PskCoapsServerProtocolProvider}.
 */
public final class LeshanSecurityStore
    implements EditableSecurityStore, Startable, Stoppable, Destroyable {
  private final CredentialStore credentials;
  private final EditableSecurityStore others;
  private final Listeners<SecurityStoreListener, Removal> listeners =
      new Listeners<>((listener, removal) -> removal.tell(listener));
  private final CredentialInfos credentialInfos;
  private final OtherInfos otherInfos;
  private final CredentialStoreListener onRetired = new Retirements();
  private final SecurityStoreListener onRemoved = this::notifyListeners;
  private final Object writeLock = new Object();
  private final List<Runnable> onStart = new CopyOnWriteArrayList<>();
  private final List<Runnable> onDestroy = new CopyOnWriteArrayList<>();
  private volatile boolean started;

  private final OwnChanges own = new OwnChanges();

  /**
   * Makes a security store that keeps other modes than PSK in memory.
   *
   * @param credentials where pre-shared keys are kept
   */
  public LeshanSecurityStore(CredentialStore credentials) {
    this(credentials, new InMemorySecurityStore());
  }

  /**
   * Makes a security store.
   *
   * @param credentials where pre-shared keys are kept
   * @param others where infos of other modes are kept; used by nobody else. Infos of endpoints that
   *     are revoked are not found, and are removed from it when this is started. A pre-shared key
   *     that somebody adds to it later is ignored
   * @throws IllegalArgumentException if {@code others} holds pre-shared keys; {@link PskInfos#move}
   *     moves them into the credential store
   */
  public LeshanSecurityStore(CredentialStore credentials, EditableSecurityStore others) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    this.others = Objects.requireNonNull(others, "others");
    this.credentialInfos = new CredentialInfos(credentials);
    this.otherInfos = new OtherInfos(credentials, others);
    PskInfos.requireNone(others);
    credentials.addListener(onRetired);
    others.addListener(onRemoved);
  }

  CredentialStore credentials() {
    return credentials;
  }

  OtherInfos others() {
    return otherInfos;
  }

  /**
   * Registers what is done each time a server has started its registration store, or has by now.
   */
  void onStart(Runnable action) {
    onStart.add(action);
    if (started) {
      action.run();
    }
  }

  /** Registers what ends with this store, which Leshan's server destroys when it is destroyed. */
  void onDestroy(Runnable action) {
    onDestroy.add(action);
  }

  @Override
  public SecurityInfo getByEndpoint(String endpoint) {
    return credentialInfos.byEndpoint(endpoint).orElseGet(() -> otherInfos.byEndpoint(endpoint));
  }

  @Override
  public SecurityInfo getByIdentity(String pskIdentity) {
    return credentialInfos.byIdentity(pskIdentity).orElse(null);
  }

  @Override
  public SecurityInfo getByOscoreIdentity(OscoreIdentity oscoreIdentity) {
    return otherInfos.byOscoreIdentity(oscoreIdentity);
  }

  /**
   * {@inheritDoc} The info of a credential whose key does not open has an empty key. Each
   * credential is looked up by itself, so over a database without a mirror this takes a query for
   * each.
   */
  @Override
  public Collection<SecurityInfo> getAll() {
    Map<String, SecurityInfo> all = new LinkedHashMap<>();
    otherInfos.all().forEach(info -> all.put(info.getEndpoint(), info));
    credentialInfos.forEach(info -> all.put(info.getEndpoint(), info));
    return Collections.unmodifiableCollection(all.values());
  }

  /** The info of an endpoint, whose key need not open for it to be listed or replaced. */
  private SecurityInfo currentInfo(String endpoint) {
    return credentialInfos.evenWithoutKey(endpoint).orElseGet(() -> others.getByEndpoint(endpoint));
  }

  /**
   * Adds the info of an endpoint, and replaces the one it may have.
   *
   * @param info of one mode
   * @return the info the endpoint had before, or null
   * @throws NonUniqueSecurityInfoException if its PSK or OSCORE identity belongs to another
   *     endpoint
   * @throws io.github.lwm2mcreds.WeakKeyException if the credential store's key policy refuses the
   *     key
   * @throws io.github.lwm2mcreds.InvalidCredentialException if endpoint, identity or key are
   *     outside the limits
   * @throws io.github.lwm2mcreds.RevokedCredentialException if the endpoint was revoked, whatever
   *     the mode, or the PSK identity
   * @throws IllegalArgumentException if it mixes PSK with another mode, as Leshan's own factories
   *     never do
   */
  @Override
  public SecurityInfo add(SecurityInfo info) throws NonUniqueSecurityInfoException {
    if (PskInfos.mixesModes(info)) {
      throw new IllegalArgumentException(
          "the info of '" + Printable.escape(info.getEndpoint()) + "' mixes PSK with another mode");
    }
    synchronized (writeLock) {
      otherInfos.requireNotRevoked(info.getEndpoint());
      SecurityInfo previous = currentInfo(info.getEndpoint());
      if (info.usePSK()) {
        addCredential(info, previous);
        others.remove(info.getEndpoint(), true);
      } else {
        SecurityInfo replaced = otherInfos.add(info);
        try {
          own.make(previous, true, () -> credentials.remove(info.getEndpoint()));
        } finally {
          if (replaced != null && !replaced.equals(info)) {
            notifyListeners(true, replaced);
          }
        }
      }
      return previous;
    }
  }

  private void addCredential(SecurityInfo info, SecurityInfo previous)
      throws NonUniqueSecurityInfoException {
    DeviceCredential credential = PskInfos.credential(info);
    try {
      own.make(previous, true, () -> credentials.put(credential));
    } catch (DuplicatePskIdentityException e) {
      throw new NonUniqueSecurityInfoException(
          "PSK Identity " + info.getPskIdentity() + " is already used", e);
    } finally {
      credential.destroy();
    }
  }

  /**
   * Removes the info of an endpoint.
   *
   * @param infosAreCompromised whether its sessions end, too; on endpoints of {@link
   *     PskCoapsServerProtocolProvider} those of a pre-shared key always do
   * @return the info, or null if there was none
   */
  @Override
  public SecurityInfo remove(String endpoint, boolean infosAreCompromised) {
    synchronized (writeLock) {
      SecurityInfo removed = currentInfo(endpoint);
      if (removed != null) {
        try {
          own.make(removed, infosAreCompromised, () -> credentials.remove(endpoint));
        } finally {
          others.remove(endpoint, infosAreCompromised);
        }
      }
      return removed;
    }
  }

  /** Hears of every credential that is replaced or removed, by this object or by others. */
  private final class Retirements implements CredentialStoreListener {
    @Override
    public void credentialRetired(RetiredCredential retired) {
      try {
        listeners.tell(own.removal(retired));
      } finally {
        if (retired.cause() == Cause.REVOKED) {
          others.remove(retired.endpoint(), true);
        }
      }
    }

    @Override
    public void changesMissed() {
      otherInfos.removeRevoked();
    }
  }

  /** Ends the session that a registration was made with in another mode than PSK. */
  void endSession(Registration registration) {
    OtherSessions.infoOf(registration).ifPresent(info -> notifyListeners(true, info));
  }

  private void notifyListeners(boolean infosAreCompromised, SecurityInfo... infos) {
    listeners.tell(new Removal(infosAreCompromised, infos));
  }

  @Override
  public void addListener(SecurityStoreListener listener) {
    listeners.add(listener);
  }

  @Override
  public void removeListener(SecurityStoreListener listener) {
    listeners.remove(listener);
  }

  @Override
  public void start() {
    otherInfos.start();
    started = true;
    onStart.forEach(Runnable::run);
  }

  @Override
  public void stop() {
    started = false;
    otherInfos.stop();
  }

  /** Stops listening to the credential store, and leaves it open for others. */
  @Override
  public void destroy() {
    Failures failures = new Failures();
    onDestroy.forEach(failures::collect);
    credentials.removeListener(onRetired);
    others.removeListener(onRemoved);
    failures.collect(otherInfos::destroy);
    failures.rethrow();
  }
}
