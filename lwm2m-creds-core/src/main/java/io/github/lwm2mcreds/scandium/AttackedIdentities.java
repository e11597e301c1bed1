// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.PskIdentity;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The identities with which many handshakes fail, each reported once a minute at most. There are as
 * many as may be reported in that time, and more are left out.
 */
final class AttackedIdentities {
  /** So many failures within a minute are an attack. */
  static final int FAILURES = 20;

  static final int MAX_IDENTITIES = 256;
  static final int MAX_NETWORKS = 16;
  private static final long MINUTE = TimeUnit.MINUTES.toMillis(1);

  private static final class Attack {
    final long[] networks = new long[MAX_NETWORKS];
    int countOfNetworks;
    int failures;
    long since;
    long last;
    long reported = -MINUTE;

    Attack(long now) {
      since = now;
    }

    void beginAnew(long now) {
      since = now;
      failures = 0;
      countOfNetworks = 0;
    }

    void add(long network, long now) {
      if (now - since >= (failures < FAILURES ? MINUTE : 2 * MINUTE)) {
        beginAnew(now);
      }
      last = now;
      failures++;
      boolean isKnown = Arrays.stream(networks, 0, countOfNetworks).anyMatch(n -> n == network);
      if (!isKnown && countOfNetworks < MAX_NETWORKS) {
        networks[countOfNetworks++] = network;
      }
    }
  }

  private final Map<PskIdentity, Attack> attacks = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Counts a failure, and reports the identity if that is due.
   *
   * @param network a number for where it came from
   * @param now in milliseconds
   */
  void failed(PskIdentity identity, long network, long now) {
    int failures;
    int networks;
    synchronized (this) {
      Attack attack = attack(identity, now);
      if (attack == null) {
        return;
      }
      attack.add(network, now);
      if (attack.failures < FAILURES || now - attack.reported < MINUTE) {
        return;
      }
      failures = attack.failures;
      networks = attack.countOfNetworks;
      attack.reported = now;
      attack.beginAnew(now);
    }
    ScandiumEvents.underAttack(identity, failures, networks);
  }

  /** Returns null if there are too many. */
  private Attack attack(PskIdentity identity, long now) {
    Attack attack = attacks.get(identity);
    if (attack == null && (attacks.size() < MAX_IDENTITIES || removeOldest(now))) {
      attack = new Attack(now);
      attacks.put(identity, attack);
    }
    return attack;
  }

  private boolean removeOldest(long now) {
    Iterator<Attack> leastRecent = attacks.values().iterator();
    boolean isOver = now - leastRecent.next().last >= MINUTE;
    if (isOver) {
      leastRecent.remove();
    }
    return isOver;
  }

  /** Returns how many were reported within the last minute. */
  synchronized int size(long now) {
    return (int) attacks.values().stream().filter(a -> now - a.reported < MINUTE).count();
  }
}
