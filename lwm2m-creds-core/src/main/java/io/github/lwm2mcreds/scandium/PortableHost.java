// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.util.Optional;

/**
 * What the virtual host of a saved session's principal says; see {@link SessionCredential}. It is
 * read by hand, as that is done for each session that is loaded.
 *
 * @param checkValue eight hex digits, or that it is unknown
 * @param isEscaped whether the identity is written as hex digits
 * @param isScoped whether the principal has a virtual host
 * @param host which one; empty if it is the one without a name, or if there is none
 */
record PortableHost(String checkValue, boolean isEscaped, boolean isScoped, Optional<String> host) {
  /** Of a session that was saved without a check value; equal to none. */
  static final String UNKNOWN = "unknown";

  private static final String PREFIX = "creds-";
  private static final String NAME = "h.";
  private static final int DIGITS = 8;

  /**
   * Reads one.
   *
   * @param text null if the principal has no virtual host
   * @return empty if it was not written here
   */
  static Optional<PortableHost> read(String text) {
    int end = text != null && text.startsWith(PREFIX) ? text.indexOf('-', PREFIX.length()) : -1;
    if (end < 0) {
      return Optional.empty();
    }
    String checkValue = text.substring(PREFIX.length(), end);
    boolean isEscaped = text.startsWith("x", end + 1);
    String form = text.substring(end + (isEscaped ? 2 : 1));
    boolean hasName = form.startsWith(NAME) && form.length() > NAME.length();
    if (!isCheckValue(checkValue) || !(hasName || form.equals("n") || form.equals("s"))) {
      return Optional.empty();
    }
    Optional<String> host = hasName ? Optional.of(form.substring(NAME.length())) : Optional.empty();
    return Optional.of(new PortableHost(checkValue, isEscaped, !form.equals("n"), host));
  }

  private static boolean isCheckValue(String text) {
    return text.equals(UNKNOWN)
        || text.length() == DIGITS && text.chars().allMatch(PortableHost::isDigit);
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
  }

  /** Returns the text for a virtual host. */
  @Override
  public String toString() {
    String form = isScoped ? host.map(name -> NAME + name).orElse("s") : "n";
    return PREFIX + checkValue + (isEscaped ? "-x" : "-") + form;
  }
}
