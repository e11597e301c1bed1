// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.time.Instant;
import java.util.Optional;

/**
 * What a store remembers of a revoked credential, so that it is not added again by mistake.
 *
 * @param endpoint the endpoint whose credential it was
 * @param pskIdentity the identity that nobody may use any more; empty if the endpoint itself was
 *     revoked
 * @param time when it was revoked
 * @param reason the reason given when it was revoked; may be empty
 */
public record Revocation(
    String endpoint, Optional<PskIdentity> pskIdentity, Instant time, String reason) {}
