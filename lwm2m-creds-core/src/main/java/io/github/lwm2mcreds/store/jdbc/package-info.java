// SPDX-License-Identifier: Apache-2.0
/**
 * A store in SQLite or PostgreSQL. Begin with {@link
 * io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore}: it reads through {@code Lookup}, writes
 * through {@code PutBatch} and {@code Retirement} in a {@code Transaction}, and there is one class
 * for each table. Uses the root package, {@code store}, {@code store.internal} and {@code
 * store.seal}.
 */
package io.github.lwm2mcreds.store.jdbc;
