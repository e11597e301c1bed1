// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.StoreEngine;
import io.github.lwm2mcreds.store.StoreEngine.Registration;
import io.github.lwm2mcreds.store.internal.Listeners;
import io.github.lwm2mcreds.store.mirror.MirrorFollower.Loss;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keeps an image of a store up to date: with its changes, whoever makes them, on a thread of its
 * own, and with those made through it, on the caller's. Tells listeners and the observer of both.
 */
final class MirrorUpdates implements AutoCloseable {
  /** Why a rotation that is due may not be ended by this mirror. */
  private static final Set<Reason> LEFT_TO_OTHERS =
      EnumSet.of(Reason.READ_ONLY, Reason.NOT_ALLOWED, Reason.LOCKED, Reason.CONFLICT);

  private final StoreEngine engine;
  private final MirrorFollower follower;
  private final MirrorObserver observer;
  private final Misses misses;
  private final Function<PskIdentity, Optional<PreSharedKey>> find;
  private final MirrorThread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Listeners<CredentialStoreListener, RetiredCredential> listeners =
      new Listeners<>(CredentialStoreListener::credentialRetired);
  private Registration waking = () -> {};

  /**
   * Loads the store.
   *
   * @param misses who waits for a key that the image lacks
   * @param find finds a key in the image
   */
  MirrorUpdates(
      StoreEngine engine,
      MirrorObserver observer,
      Duration interval,
      Misses misses,
      Function<PskIdentity, Optional<PreSharedKey>> find) {
    this.engine = engine;
    this.observer = observer;
    this.misses = misses;
    this.find = find;
    this.follower = new MirrorFollower(engine);
    this.thread = new MirrorThread(this::round, interval);
  }

  void start() {
    waking = engine.onChange(thread::wake);
    thread.start(observer);
  }

  MirrorFollower follower() {
    return follower;
  }

  Listeners<CredentialStoreListener, RetiredCredential> listeners() {
    return listeners;
  }

  MirrorState state() {
    Duration lag = Duration.between(follower.upToDateAt(), engine.clock().instant());
    return new MirrorState(!thread.hasLostStore(), lag, follower.position(), follower.behind());
  }

  /** Makes the store be looked at soon. */
  void wake() {
    thread.wake();
  }

  /** Looks at the store once. */
  void round() {
    Misses.Round waiting = misses.begin();
    News news = News.NONE;
    try {
      lock.lock();
      try {
        follower.follow();
      } finally {
        news = news();
        lock.unlock();
      }
      waiting.answer(find);
    } catch (RuntimeException e) {
      waiting.giveUp();
      throw e;
    } finally {
      tell(news); // even if the database was lost half way
    }
    if (follower.image().hasDueRotation()) {
      finishDueRotations();
    }
  }

  /** What listeners are to be told. */
  private record News(List<RetiredCredential> retired, boolean missed, Optional<Loss> loss) {
    static final News NONE = new News(List.of(), false, Optional.empty());
  }

  private News news() {
    return new News(follower.takeRetired(), follower.takeMissed(), follower.takeLoss());
  }

  private void tell(News news) {
    try {
      news.loss.ifPresent(loss -> observer.historyChanged(loss.followed(), loss.loaded()));
    } finally {
      tellListeners(news);
    }
  }

  private void tellListeners(News news) {
    try {
      listeners.tellAll(news.retired);
    } finally {
      if (news.missed) {
        listeners.forEach(CredentialStoreListener::changesMissed);
      }
    }
  }

  /** Lookups go by the deadline; who cannot write the store leaves the rest to others. */
  private void finishDueRotations() {
    try {
      change(
          () -> {
            engine.finishDueRotations();
            return null;
          });
    } catch (CredentialStoreException e) {
      if (!LEFT_TO_OTHERS.contains(e.reason())) {
        throw e;
      }
    }
  }

  /** Changes the store, and the mirror with it; listeners are told on this thread. */
  <T> T change(Supplier<T> change) {
    T result;
    News news;
    lock.lock();
    try {
      result = change.get();
      followAfterChange();
      news = news();
    } finally {
      lock.unlock();
    }
    tell(news);
    return result;
  }

  /** The change is made, so a database that is lost now must not make it look as if it were not. */
  private void followAfterChange() {
    try {
      follower.follow();
    } catch (CredentialStoreException e) {
      thread.wake();
    }
  }

  /** Ends the thread; the store stays open. */
  @Override
  public void close() {
    waking.close();
    thread.close();
  }
}
