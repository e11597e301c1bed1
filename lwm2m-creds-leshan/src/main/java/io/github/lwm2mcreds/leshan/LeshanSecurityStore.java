package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DuplicatePskIdentityException;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.RetiredCredential;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.eclipse.leshan.core.Destroyable;
import org.eclipse.leshan.core.Startable;
import org.eclipse.leshan.core.Stoppable;
import org.eclipse.leshan.core.peer.OscoreIdentity;
import org.eclipse.leshan.servers.security.EditableSecurityStore;
import org.eclipse.leshan.servers.security.InMemorySecurityStore;
import org.eclipse.leshan.servers.security.NonUniqueSecurityInfoException;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.eclipse.leshan.servers.security.SecurityStoreListener;

/**
 * A {@link CredentialStore} as Leshan's security store, in place of {@link InMemorySecurityStore}
 * and its like.
 *
 * <p>Pre-shared keys live in the credential store; security infos of other modes (raw public key,
 * X.509, OSCORE) in a delegate. An endpoint has one info, wherever it is kept.
 *
 * <p>Listeners are told when an info is removed and, other than Leshan's own stores do, when it is
 * replaced by another: Leshan's coaps endpoint then ends the DTLS sessions made with it. That holds
 * for changes made through the credential store too; such a call carries the endpoint and identity,
 * and an empty key.
 *
 * <p>A {@link SecurityInfo} holds its key as a plain array that nobody wipes. Handshakes need none
 * with {@link PskCoapsServerProtocolProvider}.
 */
public final class LeshanSecurityStore
    implements EditableSecurityStore, Startable, Stoppable, Destroyable {
  private final CredentialStore credentials;
  private final EditableSecurityStore others;
  private final List<SecurityStoreListener> listeners = new CopyOnWriteArrayList<>();
  private final CredentialStoreListener onRetired = this::credentialRetired;
  private final SecurityStoreListener onRemoved = this::notifyListeners;
  private final Object writeLock = new Object();
  private final List<Runnable> onDestroy = new CopyOnWriteArrayList<>();

  /** What this thread is taking out of the credential store itself; null if it is not. */
  private final ThreadLocal<Change> own = new ThreadLocal<>();

  private record Change(SecurityInfo previous, boolean compromised) {}

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
   * @param others where infos of other modes are kept; used by nobody else, and holding no
   *     pre-shared keys
   */
  public LeshanSecurityStore(CredentialStore credentials, EditableSecurityStore others) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    this.others = Objects.requireNonNull(others, "others");
    credentials.addListener(onRetired);
    others.addListener(onRemoved);
  }

  CredentialStore credentials() {
    return credentials;
  }

  EditableSecurityStore others() {
    return others;
  }

  /** Has something ended with this store, which Leshan's server destroys as it is destroyed. */
  void onDestroy(Runnable action) {
    onDestroy.add(action);
  }

  @Override
  public SecurityInfo getByEndpoint(String endpoint) {
    return Optional.ofNullable(endpoint)
        .flatMap(credentials::findByEndpoint)
        .map(LeshanSecurityStore::info)
        .orElseGet(() -> others.getByEndpoint(endpoint));
  }

  @Override
  public SecurityInfo getByIdentity(String pskIdentity) {
    return Optional.ofNullable(pskIdentity)
        .flatMap(LeshanSecurityStore::identity)
        .flatMap(credentials::findByPskIdentity)
        .map(LeshanSecurityStore::info)
        .orElse(null);
  }

  /** What is no PSK identity belongs to nobody. */
  static Optional<PskIdentity> identity(String pskIdentity) {
    try {
      return Optional.of(PskIdentity.of(pskIdentity));
    } catch (InvalidCredentialException e) {
      return Optional.empty();
    }
  }

  @Override
  public SecurityInfo getByOscoreIdentity(OscoreIdentity oscoreIdentity) {
    return others.getByOscoreIdentity(oscoreIdentity);
  }

  @Override
  public Collection<SecurityInfo> getAll() {
    Map<String, SecurityInfo> all = new LinkedHashMap<>();
    others.getAll().forEach(info -> all.put(info.getEndpoint(), info));
    try (Stream<DeviceCredential> stream = credentials.stream()) {
      stream.map(LeshanSecurityStore::info).forEach(info -> all.put(info.getEndpoint(), info));
    }
    return Collections.unmodifiableCollection(all.values());
  }

  /**
   * Registers the info of an endpoint, instead of the one it may have.
   *
   * @param info of one mode
   * @return the info the endpoint had before, or null
   * @throws NonUniqueSecurityInfoException if its PSK or OSCORE identity belongs to another
   *     endpoint
   * @throws io.github.lwm2mcreds.WeakKeyException if the credential store's key policy refuses the
   *     key
   * @throws InvalidCredentialException if endpoint, identity or key are outside the limits
   * @throws IllegalArgumentException if it mixes PSK with another mode, as Leshan's own factories
   *     never do
   */
  @Override
  public SecurityInfo add(SecurityInfo info) throws NonUniqueSecurityInfoException {
    if (info.usePSK() && (info.useRPK() || info.useX509Cert() || info.useOSCORE())) {
      throw new IllegalArgumentException(
          "the info of '" + Printable.escape(info.getEndpoint()) + "' mixes PSK with another mode");
    }
    synchronized (writeLock) {
      SecurityInfo previous = getByEndpoint(info.getEndpoint());
      if (info.usePSK()) {
        addCredential(info, previous);
        others.remove(info.getEndpoint(), true);
      } else {
        SecurityInfo replaced = others.add(info);
        try {
          removeCredential(info.getEndpoint(), new Change(previous, true));
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
    DeviceCredential credential =
        DeviceCredential.of(
            info.getEndpoint(),
            PskIdentity.of(info.getPskIdentity()),
            PreSharedKey.copyOf(info.getPreSharedKey()));
    own.set(new Change(previous, true));
    try {
      credentials.put(credential).ifPresent(DeviceCredential::destroy);
    } catch (DuplicatePskIdentityException e) {
      throw new NonUniqueSecurityInfoException(
          "PSK Identity " + info.getPskIdentity() + " is already used", e);
    } finally {
      own.remove();
      credential.destroy();
    }
  }

  /**
   * Removes the info of an endpoint.
   *
   * @param infosAreCompromised whether sessions are to end, too; those of a pre-shared key do in
   *     any case on the endpoints of {@link PskCoapsServerProtocolProvider}
   * @return the info, or null if there was none
   */
  @Override
  public SecurityInfo remove(String endpoint, boolean infosAreCompromised) {
    synchronized (writeLock) {
      SecurityInfo removed = getByEndpoint(endpoint);
      if (removed != null) {
        try {
          removeCredential(endpoint, new Change(removed, infosAreCompromised));
        } finally {
          others.remove(endpoint, infosAreCompromised);
        }
      }
      return removed;
    }
  }

  private void removeCredential(String endpoint, Change change) {
    own.set(change);
    try {
      credentials.remove(endpoint).ifPresent(DeviceCredential::destroy);
    } finally {
      own.remove();
    }
  }

  /** Called for every credential that is replaced or removed, by this object or by others. */
  private void credentialRetired(RetiredCredential retired) {
    String identity = retired.pskIdentity().asString();
    Change change = own.get();
    if (change != null
        && change.previous != null
        && change.previous.getEndpoint().equals(retired.endpoint())
        && identity.equals(change.previous.getPskIdentity())) {
      notifyListeners(change.compromised, change.previous);
    } else {
      notifyListeners(
          true, SecurityInfo.newPreSharedKeyInfo(retired.endpoint(), identity, new byte[0]));
    }
  }

  /**
   * Tells every listener, since each ends sessions of its own; throws afterwards what one of them
   * threw.
   */
  private void notifyListeners(boolean infosAreCompromised, SecurityInfo... infos) {
    RuntimeException thrown = null;
    for (SecurityStoreListener listener : listeners) {
      try {
        listener.securityInfoRemoved(infosAreCompromised, infos);
      } catch (RuntimeException e) {
        if (thrown == null) {
          thrown = e;
        } else {
          thrown.addSuppressed(e);
        }
      }
    }
    if (thrown != null) {
      throw thrown;
    }
  }

  @Override
  public void addListener(SecurityStoreListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
  }

  @Override
  public void removeListener(SecurityStoreListener listener) {
    listeners.remove(listener);
  }

  @Override
  public void start() {
    if (others instanceof Startable startable) {
      startable.start();
    }
  }

  @Override
  public void stop() {
    if (others instanceof Stoppable stoppable) {
      stoppable.stop();
    }
  }

  /** Stops listening to the credential store, which goes on for whoever else uses it. */
  @Override
  public void destroy() {
    onDestroy.forEach(Runnable::run);
    credentials.removeListener(onRetired);
    others.removeListener(onRemoved);
    if (others instanceof Destroyable destroyable) {
      destroyable.destroy();
    } else {
      stop();
    }
  }

  private static SecurityInfo info(DeviceCredential credential) {
    byte[] key = credential.psk().exposeBytes();
    credential.destroy();
    return SecurityInfo.newPreSharedKeyInfo(
        credential.endpoint(), credential.pskIdentity().asString(), key);
  }
}
