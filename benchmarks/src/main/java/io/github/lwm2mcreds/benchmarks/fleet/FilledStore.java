// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.fleet;

import io.github.lwm2mcreds.derive.DerivedCredentialStore;
import io.github.lwm2mcreds.scandium.ScandiumPskStore;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import io.github.lwm2mcreds.store.PskLookup;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.pskstore.MultiPskStore;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;
import org.eclipse.californium.scandium.dtls.pskstore.SinglePskStore;
import org.eclipse.leshan.servers.security.InMemorySecurityStore;
import org.eclipse.leshan.servers.security.NonUniqueSecurityInfoException;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.eclipse.leshan.transport.californium.server.LwM2mPskStore;

/** A store with all devices of a {@link Fleet}. */
public final class FilledStore implements AutoCloseable {
  /** Which store. */
  public enum Kind {
    /** {@link InMemoryCredentialStore}. */
    IN_MEMORY,
    /** {@link MirroredCredentialStore}: opens a sealed key each time. */
    MIRROR,
    /** {@link LateStore}: each key comes from another thread, as a key new to a mirror does. */
    LATE,
    /** {@link JdbcCredentialStore} in SQLite, without a mirror: asks the database each time. */
    SQLITE,
    /** {@link DerivedCredentialStore} of one group over an empty mirror: derives each key. */
    DERIVED,
    /** Leshan's in-memory store behind its PSK store; its file store looks up the same way. */
    LESHAN,
    /** Scandium's store of many keys. */
    SCANDIUM_MULTI,
    /** Scandium's store of one key, that of device 0, which looks nothing up. */
    SCANDIUM_SINGLE
  }

  private final Kind kind;
  private final int devices;
  private Folder folder;
  private CredentialStore credentials;
  private PskLookup lookup;
  private ManagedCredentialStore stored;
  private InMemorySecurityStore securityStore;
  private PskStore multi;

  public FilledStore(Kind kind, int devices) throws IOException, NonUniqueSecurityInfoException {
    this.kind = kind;
    this.devices = devices;
    switch (kind) {
      case IN_MEMORY, LATE -> {
        credentials = new InMemoryCredentialStore();
        new Fleet(devices).putInto(credentials);
      }
      case MIRROR -> {
        stored = MirroredCredentialStore.of(sqlite(devices));
        credentials = stored;
      }
      case SQLITE -> {
        stored = sqlite(devices);
        credentials = stored;
      }
      case DERIVED -> {
        stored = MirroredCredentialStore.of(sqlite(0));
        credentials = new DerivedCredentialStore(stored, Fleet.group());
      }
      case LESHAN -> {
        securityStore = new InMemorySecurityStore();
        for (int device = 0; device < devices; device++) {
          SecurityInfo info = Fleet.securityInfo(device);
          securityStore.add(info);
        }
      }
      case SCANDIUM_MULTI -> multi = multi();
      case SCANDIUM_SINGLE -> {
        // nothing to fill
      }
    }
    lookup = kind == Kind.LATE ? new LateStore(credentials) : credentials;
  }

  private JdbcCredentialStore sqlite(int fleet) throws IOException {
    folder = Folder.ofFleet(fleet);
    return folder.openSqlite();
  }

  /** Returns the store if it is one of this library's. */
  public Optional<CredentialStore> credentials() {
    return Optional.ofNullable(credentials);
  }

  /** Returns what handshakes ask if the store is one of this library's. */
  public Optional<PskLookup> lookup() {
    return Optional.ofNullable(lookup);
  }

  /** Returns the store if it is Leshan's. */
  public Optional<InMemorySecurityStore> securityStore() {
    return Optional.ofNullable(securityStore);
  }

  /** Returns the PSK store that a handshake asks. */
  public PskStore pskStore() {
    return switch (kind) {
      case LESHAN -> new LwM2mPskStore(securityStore);
      case SCANDIUM_MULTI -> multi;
      case SCANDIUM_SINGLE ->
          new SinglePskStore(PskPublicInformation.fromByteArray(Fleet.identity(0)), Fleet.key(0));
      default -> new ScandiumPskStore(lookup);
    };
  }

  private PskStore multi() {
    MultiPskStore keys = new MultiPskStore();
    for (int device = 0; device < devices; device++) {
      keys.setKey(Fleet.endpoint(device), Fleet.key(device));
    }
    return keys;
  }

  @Override
  public void close() throws IOException {
    if (stored != null) {
      stored.close();
    }
    if (folder != null) {
      folder.close();
    }
  }
}
