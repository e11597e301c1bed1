// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import io.github.lwm2mcreds.Printable;
import java.net.InetSocketAddress;

/** The text of an event, as keys and values in one line. */
public final class EventLine {
  /** More than any name or message of ours has; what a peer sends must not fill the log. */
  private static final int MAX_VALUE = 1_000;

  private final StringBuilder text;
  private Throwable thrown;

  EventLine(Event event) {
    this.text = new StringBuilder(event.id());
  }

  /** Adds any text, escaped and, if it is too long, cut. */
  public EventLine put(String key, String value) {
    boolean isLong = value.length() > MAX_VALUE;
    String escaped = Printable.escape(isLong ? value.substring(0, MAX_VALUE) : value);
    return putEscaped(key, isLong ? escaped + "…" : escaped);
  }

  /** Adds text that {@link Printable#escape} returned, or that holds nothing to escape. */
  public EventLine putEscaped(String key, String value) {
    text.append(' ').append(key).append('=');
    if (isWord(value)) {
      text.append(value);
    } else {
      text.append('"').append(value.replace("\"", "\\\"")).append('"');
    }
    return this;
  }

  private static boolean isWord(String value) {
    return !value.isEmpty()
        && value.chars().noneMatch(c -> c == '"' || c == '=' || Character.isSpaceChar(c));
  }

  /** Adds a number. */
  public EventLine put(String key, long value) {
    text.append(' ').append(key).append('=').append(value);
    return this;
  }

  /** Adds an address; nothing for null. */
  public EventLine put(String key, InetSocketAddress value) {
    return value == null ? this : put(key, Addresses.text(value));
  }

  /** Adds why something failed, which may hold no key. */
  public EventLine failure(Throwable failure) {
    String message = failure.getMessage();
    String type = failure.getClass().getSimpleName();
    return put("failure", message == null ? type : type + ": " + message);
  }

  /** Adds where something failed that should not. */
  public EventLine stackTrace(Throwable failure) {
    this.thrown = failure;
    return failure(failure);
  }

  Throwable thrown() {
    return thrown;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
