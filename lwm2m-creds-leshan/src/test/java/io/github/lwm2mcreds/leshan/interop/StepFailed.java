// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** A step of a case did not come out as it should; the message is the same each time. */
final class StepFailed extends Exception {
  private static final long serialVersionUID = 1L;

  private StepFailed(String message) {
    super(message);
  }

  static void unless(boolean is, String message) throws StepFailed {
    if (!is) {
      throw new StepFailed(message);
    }
  }

  /** Waits for something. */
  static void unlessSoon(Callable<Boolean> is, String message) throws StepFailed {
    try {
      await().atMost(20, TimeUnit.SECONDS).until(is);
    } catch (ConditionTimeoutException e) {
      throw new StepFailed(message);
    }
  }
}
