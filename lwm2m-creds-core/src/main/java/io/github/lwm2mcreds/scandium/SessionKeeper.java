// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.scandium.SessionFileEvents.Failure;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.SavedSessionsException;
import io.github.lwm2mcreds.store.SavedSessionsException.Reason;
import io.github.lwm2mcreds.store.SessionLedger;
import io.github.lwm2mcreds.store.SessionLedger.Saved;
import io.github.lwm2mcreds.store.SessionLedger.Term;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.internal.SealedInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.elements.PersistentComponent;
import org.eclipse.californium.elements.util.DataStreamReader;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.eclipse.californium.elements.util.SerializationUtil;

/**
 * Loads the sessions of a server when it starts, and saves them when it stops and now and then.
 *
 * <p>That no number of a record is used twice rests on this: a file is loaded only if the store has
 * recorded that, before, and the store does so once for all files of a term; sessions that were
 * saved as they are were never used after; those of a snapshot go on {@linkplain SequenceNumbers
 * far behind} what the server can have used since.
 */
final class SessionKeeper {
  private final SessionFile file;
  private final PskConnections connections;
  private final OptionalInt node;
  private final SessionFileCounts counts;
  private final SessionLedger ledger;
  private final Executor thread = IdleThread.named("lwm2m-creds session file");
  private final AtomicBoolean isSaving = new AtomicBoolean();
  private volatile boolean isStopping;

  /** Held from the start of the server to its stop. */
  private SessionFileLock lock;

  private Term term;
  private long number;
  private Position position;

  /**
   * Makes a keeper.
   *
   * @param node which server of a cluster it is, whose number is in the ids of its connections;
   *     empty if it is in none
   */
  SessionKeeper(SessionFile file, PskConnections connections, OptionalInt node) {
    this.file = file;
    this.node = node;
    this.counts = connections.counts().keepsSessions();
    this.connections = connections;
    this.ledger = file.ledger();
  }

  /**
   * Loads the sessions into a connector that is about to start.
   *
   * @throws IOException if the file or the store cannot be used now, and nothing is lost
   */
  synchronized void open(PersistentComponent connector) throws IOException {
    lock = new SessionFileLock(file.path());
    isStopping = false;
    boolean isOpen = false;
    try {
      position = ledger.position();
      boolean isEmpty = connections.size() == 0; // or they could not be saved, and are still there
      if (isEmpty && Files.exists(file.path())) {
        term = load(connector);
      } else if (term == null) {
        term = ledger.begin();
      }
      isOpen = true;
    } catch (CredentialStoreException e) {
      throw new IOException("the sessions in " + file + " cannot be loaded: " + e.getMessage(), e);
    } finally {
      if (!isOpen) {
        release();
      }
    }
  }

  private Term load(PersistentComponent connector) throws IOException {
    try (SessionFileReader reader = new SessionFileReader(file.path(), ledger)) {
      requireOwn(reader.header());
      reader.verify();
      Term next = ledger.take(reader.header().saved()); // from here on it cannot be loaded again
      number = reader.header().saved().number();
      load(connector, reader);
      SessionFileErasure.erase(file.path());
      return next;
    } catch (SavedSessionsException e) {
      boolean isUseless = e.reason() == Reason.USED || e.reason() == Reason.OLDER;
      counts.refused.increment();
      SessionFileEvents.refused(
          file, e, isUseless ? Optional.empty() : Optional.of(refusedFile().toString()));
      if (isUseless) {
        SessionFileErasure.erase(file.path());
      } else {
        SessionFileErasure.setAside(file.path(), refusedFile());
      }
      return ledger.begin();
    }
  }

  private void requireOwn(SessionFileHeader header) {
    if (!header.node().equals(node)) {
      throw new SavedSessionsException(
          Reason.OTHER_NODE,
          text(header.node())
              + " saved it, and this is "
              + text(node)
              + ": each needs a file of its own");
    }
  }

  private static String text(OptionalInt node) {
    return node.isPresent() ? "node " + node.getAsInt() : "a server without a node's number";
  }

  private Path refusedFile() {
    return Path.of(file + ".refused");
  }

  private void load(PersistentComponent connector, SessionFileReader reader) throws IOException {
    long started = System.nanoTime();
    LoadedSessions loaded = new LoadedSessions(reader.header().isSnapshot(), reader.length());
    connections.loading(loaded);
    try (SealedInput in = reader.sessions()) {
      long shift = SerializationUtil.readNanotimeSynchronizationMark(new DataStreamReader(in));
      connector.load(in, shift);
      counts.restored.add(loaded.restored());
      counts.dropped.add(loaded.dropped());
      SessionFileEvents.loaded(file, reader.header(), loaded, since(started));
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      connections.clear();
      counts.refused.increment();
      SessionFileEvents.notLoaded(file, Failure.FILE_FAILED, e);
    } finally {
      connections.loading(null);
    }
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  /** Saves snapshots while the server runs, the first one at once if it has sessions already. */
  void saveNowAndThen(ProtocolScheduledExecutorService timer) {
    long interval = file.interval().toMillis();
    if (interval > 0) {
      long first = connections.size() > 0 ? 0 : interval;
      timer.scheduleWithFixedDelay(this::saveLater, first, interval, TimeUnit.MILLISECONDS);
    }
  }

  private void saveLater() {
    if (isSaving.compareAndSet(false, true)) {
      thread.execute(this::saveSnapshot);
    }
  }

  /** Saves all sessions while the server goes on. */
  void saveSnapshot() {
    try {
      synchronized (this) {
        if (lock != null && !isStopping) {
          save(true, new SessionSnapshot(connections.moves(), () -> isStopping)::write);
        }
      }
    } finally {
      isSaving.set(false);
    }
  }

  /**
   * Saves the sessions of a connector that has stopped.
   *
   * @param isIdle whether nothing uses them any more; if it may, their numbers are reserved ahead
   */
  void close(PersistentComponent connector, boolean isIdle) {
    isStopping = true; // ends a snapshot under way
    synchronized (this) {
      if (lock == null) {
        return;
      }
      save(!isIdle, out -> connector.save(out, Long.MAX_VALUE));
      release();
    }
  }

  private void release() {
    try {
      lock.close();
    } catch (IOException e) {
      // it goes with the process
    }
    lock = null;
  }

  /** Never throws: the server goes on, or stops, all the same. */
  private void save(boolean isSnapshot, SessionFileWriter.Sessions sessions) {
    long started = System.nanoTime();
    try {
      Saved saved = new Saved(term, ++number, positionNow());
      SessionFileHeader header = new SessionFileHeader(saved, isSnapshot, Instant.now(), node);
      int written = SessionFileWriter.write(file.path(), ledger, header, sessions);
      SavedSessions save =
          new SavedSessions(header.time(), written, Files.size(file.path()), since(started));
      counts.saved(save);
      SessionFileEvents.saved(file, isSnapshot, save);
      record(saved);
    } catch (SessionSnapshot.GivenUpException e) {
      // the server stops, and saves them then
    } catch (IOException e) {
      notSaved(Failure.FILE_FAILED, e);
    } catch (RuntimeException e) {
      notSaved(Failure.STORE_FAILED, e);
    }
  }

  private void notSaved(Failure reason, Exception why) {
    counts.failed.increment();
    SessionFileEvents.notSaved(file, reason, why);
  }

  /** The last one that is known does while the store is out of reach. */
  private Position positionNow() {
    try {
      position = ledger.position();
    } catch (CredentialStoreException e) {
      // told with the rest, when the file is recorded
    }
    return position;
  }

  /** A file that is not recorded can be loaded; only those before are not refused yet. */
  private void record(Saved saved) throws IOException {
    try {
      ledger.record(saved);
    } catch (SavedSessionsException e) {
      SessionFileErasure.erase(file.path());
      notSaved(Failure.TAKEN, e);
    } catch (CredentialStoreException e) {
      notSaved(Failure.NOT_RECORDED, e);
    }
  }
}
