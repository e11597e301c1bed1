// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import java.util.Map;
import java.util.Optional;

/** A call that is answered with an error, in one line that tells what to do; holds no key. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why, for the log. */
  enum Reason {
    TLS_FAILED,
    NOT_AUTHENTICATED,
    NOT_ALLOWED,
    TOO_FAST,
    TOO_LARGE,
    TOO_SLOW,
    TOO_MANY_CONNECTIONS,
    NOT_UNDERSTOOD,
    CONFLICT,
    WEAK_KEY,
    STORE_FAILED,
    ACCESS_FILE,
    FAILED
  }

  private final Reason reason;
  private final int status;
  private final transient Map<String, String> headers;

  /** What the log is told instead of the answer; may be null. */
  private final transient Exception failure;

  Refusal(Reason reason, int status, String text) {
    this(reason, status, text, Map.of(), null);
  }

  Refusal(Reason reason, int status, String text, Map<String, String> headers) {
    this(reason, status, text, headers, null);
  }

  private Refusal(
      Reason reason, int status, String text, Map<String, String> headers, Exception failure) {
    super(text, null, false, false);
    this.reason = reason;
    this.status = status;
    this.headers = headers;
    this.failure = failure;
  }

  /** Refuses what fails on the server's side, of which only its log is told more. */
  static Refusal failed(Reason reason, int status, String text, Exception failure) {
    return new Refusal(reason, status, text, Map.of(), failure);
  }

  static Refusal notUnderstood(String text) {
    return new Refusal(Reason.NOT_UNDERSTOOD, 400, text);
  }

  static Refusal tooFast(String text) {
    return new Refusal(Reason.TOO_FAST, 429, text, Map.of("Retry-After", "1"));
  }

  Reason reason() {
    return reason;
  }

  Optional<Exception> failure() {
    return Optional.ofNullable(failure);
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }
}
