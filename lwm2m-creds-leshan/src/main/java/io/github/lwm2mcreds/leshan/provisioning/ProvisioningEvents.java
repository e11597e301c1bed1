// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import io.github.lwm2mcreds.leshan.provisioning.Refusal.Reason;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.EventLine;
import io.github.lwm2mcreds.store.internal.EventLog;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/** What the endpoint logs of calls that it refuses; no key and no token. */
final class ProvisioningEvents {
  private ProvisioningEvents() {}

  static void refused(SocketAddress peer, Optional<AccessEntry> caller, Refusal refusal) {
    EventLog.log(
        Event.PROVISIONING_REFUSED,
        refusal.reason(),
        line -> {
          about(line, peer, caller).put("answer", refusal.getMessage());
          refusal.failure().ifPresent(failure -> put(line, refusal.reason(), failure));
        });
  }

  private static void put(EventLine line, Reason reason, Exception failure) {
    if (reason == Reason.FAILED) {
      line.stackTrace(failure);
    } else {
      line.failure(failure);
    }
  }

  static void handshakeFailed(SocketAddress peer, Exception failure) {
    EventLog.log(
        Event.PROVISIONING_REFUSED,
        Reason.TLS_FAILED,
        line -> about(line, peer, Optional.empty()).failure(failure));
  }

  static void closed(SocketAddress peer, Reason reason) {
    EventLog.log(Event.PROVISIONING_REFUSED, reason, line -> about(line, peer, Optional.empty()));
  }

  private static EventLine about(EventLine line, SocketAddress peer, Optional<AccessEntry> caller) {
    if (peer instanceof InetSocketAddress address) {
      line.put("peer", address);
    }
    caller.ifPresent(entry -> line.put("caller", entry.actor()));
    return line;
  }
}
