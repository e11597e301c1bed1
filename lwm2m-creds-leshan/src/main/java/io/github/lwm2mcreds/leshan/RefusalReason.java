// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

/** Why a request is refused: a phrase for people, a name for the log. */
enum RefusalReason {
  NO_NAME("the endpoint name is empty or not text"),
  ENDPOINT_REVOKED("the endpoint is revoked"),
  NO_SECURITY("the session has no security, which this server requires"),
  STORE_OUT_OF_REACH("the credential store is out of reach for too long"),
  NO_CREDENTIAL("the endpoint has no credential"),
  OTHER_IDENTITY("the PSK identity is not the endpoint's"),
  OTHER_SESSION("the session is not the one the endpoint is expected to use"),
  OTHER_AUTHORIZER("another authoriser of the server declined it");

  private final String phrase;

  RefusalReason(String phrase) {
    this.phrase = phrase;
  }

  /** The reason as a phrase for people. */
  String phrase() {
    return phrase;
  }
}
