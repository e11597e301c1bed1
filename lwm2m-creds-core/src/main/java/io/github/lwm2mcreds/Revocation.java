package io.github.lwm2mcreds;

import java.time.Instant;
import java.util.Optional;

/**
 * What is kept of a credential that was revoked, so that it does not come back by mistake.
 *
 * @param endpoint whose it was
 * @param pskIdentity the identity that is good for nobody any more; empty if the endpoint itself
 *     was revoked
 * @param time when
 * @param reason why, as whoever revoked it put it; may be empty
 */
public record Revocation(
    String endpoint, Optional<PskIdentity> pskIdentity, Instant time, String reason) {}
