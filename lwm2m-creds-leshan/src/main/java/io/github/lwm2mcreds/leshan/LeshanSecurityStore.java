package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.DuplicatePskIdentityException;
import io.github.lwm2mcreds.store.RetiredCredential;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
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

  /**
   * The endpoint this thread changes itself, and tells listeners of itself; null if it does not.
   */
  private final ThreadLocal<String> changing = new ThreadLocal<>();

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
   * @param others where infos of other modes are kept; used by nobody else
   */
  public LeshanSecurityStore(CredentialStore credentials, EditableSecurityStore others) {
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    this.others = Objects.requireNonNull(others, "others");
    credentials.addListener(onRetired);
    others.addListener(onRemoved);
  }

  @Override
  public SecurityInfo getByEndpoint(String endpoint) {
    return credentials
        .findByEndpoint(endpoint)
        .map(LeshanSecurityStore::info)
        .orElseGet(() -> others.getByEndpoint(endpoint));
  }

  @Override
  public SecurityInfo getByIdentity(String pskIdentity) {
    return identity(pskIdentity)
        .flatMap(credentials::findByPskIdentity)
        .map(LeshanSecurityStore::info)
        .orElseGet(() -> others.getByIdentity(pskIdentity));
  }

  /** What is no PSK identity belongs to nobody. */
  private static Optional<PskIdentity> identity(String pskIdentity) {
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
    List<SecurityInfo> all = new ArrayList<>(others.getAll());
    try (Stream<DeviceCredential> stream = credentials.stream()) {
      stream.map(LeshanSecurityStore::info).forEach(all::add);
    }
    return Collections.unmodifiableCollection(all);
  }

  /**
   * Registers the info of an endpoint, instead of the one it may have.
   *
   * @param info of any mode
   * @return the info the endpoint had before, or null
   * @throws NonUniqueSecurityInfoException if its PSK or OSCORE identity belongs to another
   *     endpoint
   * @throws io.github.lwm2mcreds.WeakKeyException if the credential store's key policy refuses the
   *     key
   * @throws InvalidCredentialException if endpoint, identity or key are outside the limits
   */
  @Override
  public SecurityInfo add(SecurityInfo info) throws NonUniqueSecurityInfoException {
    SecurityInfo previous;
    synchronized (writeLock) {
      changing.set(info.getEndpoint());
      try {
        previous = isPskOnly(info) ? addCredential(info) : addOther(info);
      } finally {
        changing.remove();
      }
    }
    if (previous != null && !previous.equals(info)) {
      notifyListeners(true, previous);
    }
    return previous;
  }

  private static boolean isPskOnly(SecurityInfo info) {
    return info.usePSK() && !info.useRPK() && !info.useX509Cert() && !info.useOSCORE();
  }

  private SecurityInfo addCredential(SecurityInfo info) throws NonUniqueSecurityInfoException {
    SecurityInfo owner = others.getByIdentity(info.getPskIdentity());
    if (owner != null && !owner.getEndpoint().equals(info.getEndpoint())) {
      throw notUnique(info, null);
    }
    DeviceCredential credential =
        DeviceCredential.of(
            info.getEndpoint(),
            PskIdentity.of(info.getPskIdentity()),
            PreSharedKey.copyOf(info.getPreSharedKey()));
    try {
      SecurityInfo previous =
          credentials.put(credential).map(LeshanSecurityStore::info).orElse(null);
      SecurityInfo previousOther = others.remove(info.getEndpoint(), true);
      return previous != null ? previous : previousOther;
    } catch (DuplicatePskIdentityException e) {
      throw notUnique(info, e);
    } finally {
      credential.destroy();
    }
  }

  private SecurityInfo addOther(SecurityInfo info) throws NonUniqueSecurityInfoException {
    if (info.usePSK()) {
      Optional<DeviceCredential> owner =
          identity(info.getPskIdentity()).flatMap(credentials::findByPskIdentity);
      owner.ifPresent(DeviceCredential::destroy);
      if (owner.isPresent() && !owner.get().endpoint().equals(info.getEndpoint())) {
        throw notUnique(info, null);
      }
    }
    SecurityInfo previousOther = others.add(info);
    SecurityInfo previous =
        credentials.remove(info.getEndpoint()).map(LeshanSecurityStore::info).orElse(null);
    return previous != null ? previous : previousOther;
  }

  private static NonUniqueSecurityInfoException notUnique(SecurityInfo info, Throwable cause) {
    return new NonUniqueSecurityInfoException(
        "PSK Identity " + info.getPskIdentity() + " is already used", cause);
  }

  @Override
  public SecurityInfo remove(String endpoint, boolean infosAreCompromised) {
    SecurityInfo removed;
    synchronized (writeLock) {
      changing.set(endpoint);
      try {
        removed = credentials.remove(endpoint).map(LeshanSecurityStore::info).orElse(null);
        if (removed == null) {
          removed = others.remove(endpoint, infosAreCompromised);
        }
      } finally {
        changing.remove();
      }
    }
    if (removed != null) {
      notifyListeners(infosAreCompromised, removed);
    }
    return removed;
  }

  private void credentialRetired(RetiredCredential retired) {
    notifyListeners(
        true,
        SecurityInfo.newPreSharedKeyInfo(
            retired.endpoint(), retired.pskIdentity().asString(), new byte[0]));
  }

  private void notifyListeners(boolean infosAreCompromised, SecurityInfo... infos) {
    for (SecurityInfo info : infos) {
      if (!info.getEndpoint().equals(changing.get())) {
        listeners.forEach(listener -> listener.securityInfoRemoved(infosAreCompromised, info));
      }
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
