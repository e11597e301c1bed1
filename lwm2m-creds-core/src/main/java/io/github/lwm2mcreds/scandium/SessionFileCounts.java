// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.util.concurrent.atomic.LongAdder;

/** What a server counts of the file of its sessions. */
final class SessionFileCounts {
  final LongAdder saves = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder restored = new LongAdder();
  final LongAdder dropped = new LongAdder();

  /** Null before the first. */
  volatile SavedSessions last;

  void saved(SavedSessions save) {
    saves.increment();
    last = save;
  }
}
