// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

/**
 * Thrown instead of making a key if the source of randomness failed its health tests, or has no
 * approved generator. No key is made in this process any more; repair the source and start again.
 */
public final class RandomSourceException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  RandomSourceException(String message) {
    super(message);
  }

  RandomSourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
