// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.leshan.server.registration.InMemoryRegistrationStore;
import org.eclipse.leshan.server.registration.RegistrationStore;

/** A registration store that fails sometimes, as one in Redis does, for the sweeps' thread. */
final class FlakyRegistrations {
  /** How many calls fail next. */
  final AtomicInteger failures = new AtomicInteger();

  private final RegistrationStore registrations = new InMemoryRegistrationStore();

  RegistrationStore store() {
    return (RegistrationStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {RegistrationStore.class},
            (proxy, method, arguments) -> {
              if (Thread.currentThread().getName().equals("lwm2m-creds registration sweep")
                  && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("timed out");
              }
              try {
                return method.invoke(registrations, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
