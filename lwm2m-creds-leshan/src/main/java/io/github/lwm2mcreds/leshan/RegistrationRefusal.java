package io.github.lwm2mcreds.leshan;

/**
 * A request of a device that a server's authoriser turned down.
 *
 * @param endpoint the endpoint the device claims, escaped for people and logs
 * @param peer who it is by its session, such as its PSK identity, escaped likewise
 * @param reason why, in plain words
 */
public record RegistrationRefusal(String endpoint, String peer, String reason) {}
