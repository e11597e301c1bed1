package io.github.lwm2mcreds.leshan;

/**
 * A request that a server's authoriser refused.
 *
 * @param endpoint the endpoint the device claims, escaped for people and logs
 * @param peer the identity of its session, such as a PSK identity, escaped likewise
 * @param reason why, as a phrase for people
 */
public record RegistrationRefusal(String endpoint, String peer, String reason) {}
