package io.github.lwm2mcreds.store;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** The listeners of a store. */
final class Listeners {
  private final List<CredentialStoreListener> listeners = new CopyOnWriteArrayList<>();

  void add(CredentialStoreListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
  }

  void remove(CredentialStoreListener listener) {
    listeners.remove(listener);
  }

  /**
   * Tells every listener, since each ends sessions of its own; throws afterwards what one of them
   * threw.
   */
  void tell(RetiredCredential retired) {
    tellAll(List.of(retired));
  }

  /** Tells every listener of everything, and throws afterwards what one of them threw. */
  void tellAll(Iterable<RetiredCredential> all) {
    RuntimeException thrown = null;
    for (RetiredCredential retired : all) {
      for (CredentialStoreListener listener : listeners) {
        try {
          listener.credentialRetired(retired);
        } catch (RuntimeException e) {
          if (thrown == null) {
            thrown = e;
          } else if (thrown != e) {
            thrown.addSuppressed(e);
          }
        }
      }
    }
    if (thrown != null) {
      throw thrown;
    }
  }
}
