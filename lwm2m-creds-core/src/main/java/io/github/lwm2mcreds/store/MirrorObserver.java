package io.github.lwm2mcreds.store;

/** Learns how a {@link MirroredCredentialStore} fares; called on its threads. */
public interface MirrorObserver {
  /**
   * The mirror cannot follow its database, or not open what is new there. Known devices are served
   * from memory, those that were revoked meanwhile as well if the database is out of reach; the
   * mirror tries again by itself.
   *
   * @param failure why
   */
  default void lost(CredentialStoreException failure) {}

  /** The mirror follows its database again, and has caught up. */
  default void resumed() {}

  /**
   * A device asked for its key, and it does not open: the device is refused.
   *
   * @param failure whose key, and why
   */
  default void unreadable(CredentialStoreException failure) {}
}
