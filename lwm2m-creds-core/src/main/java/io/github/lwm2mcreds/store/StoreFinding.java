package io.github.lwm2mcreds.store;

/**
 * Something that is wrong with a store.
 *
 * @param endpoint whose credential it is; empty if it is about the store as a whole
 * @param problem what is wrong, in plain words
 */
public record StoreFinding(String endpoint, String problem) {}
