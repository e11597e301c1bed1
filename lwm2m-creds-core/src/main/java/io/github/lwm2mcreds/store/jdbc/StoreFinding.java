// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

/**
 * Something that is wrong with a store, as {@link JdbcCredentialStore#check} finds it.
 *
 * @param endpoint whose credential it is about; empty if it is about the whole store
 * @param problem what is wrong, in plain words
 */
public record StoreFinding(String endpoint, String problem) {}
