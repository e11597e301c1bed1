// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.EventLine;
import io.github.lwm2mcreds.store.internal.EventLog;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.server.registration.Registration;

/** What a server's registrations log, whether somebody listens or not. */
final class LeshanEvents {
  /** Why a rotation is not confirmed. */
  private enum NotConfirmed {
    STORE_FAILED,
    TOO_MANY_WAITING
  }

  private static final String IDENTITY = "identity";

  private LeshanEvents() {}

  static void refused(RefusalReason reason, String endpoint, LwM2mIdentity session) {
    EventLog.log(
        Event.REGISTRATION_REFUSED,
        reason,
        line -> putSession(line.put("endpoint", endpoint), session));
  }

  static void ended(Registration registration) {
    EventLog.log(
        Event.REGISTRATION_ENDED,
        line ->
            putSession(line.put("endpoint", registration.getEndpoint()), Peers.of(registration)));
  }

  /** Adds what a session proves: a PSK identity, or what Leshan says of another mode. */
  private static void putSession(EventLine line, LwM2mIdentity session) {
    if (session instanceof org.eclipse.leshan.core.peer.PskIdentity psk) {
      line.put(IDENTITY, psk.getPskIdentity());
    } else {
      line.put("session", session.toString());
    }
  }

  static void notCompared(RuntimeException failure) {
    EventLog.log(Event.REGISTRATIONS_NOT_COMPARED, line -> line.failure(failure));
  }

  static void notConfirmed(PskIdentity next, RuntimeException failure) {
    EventLog.log(
        Event.ROTATION_NOT_CONFIRMED,
        NotConfirmed.STORE_FAILED,
        line -> line.putEscaped(IDENTITY, next.toString()).failure(failure));
  }

  static void tooManyToConfirm(PskIdentity next) {
    EventLog.log(
        Event.ROTATION_NOT_CONFIRMED,
        NotConfirmed.TOO_MANY_WAITING,
        line -> line.putEscaped(IDENTITY, next.toString()));
  }
}
