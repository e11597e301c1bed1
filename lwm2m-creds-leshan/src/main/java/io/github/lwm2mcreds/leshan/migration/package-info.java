// SPDX-License-Identifier: Apache-2.0
/**
 * Pre-shared keys out of what others keep them in, and back. A {@link
 * io.github.lwm2mcreds.leshan.migration.CredentialSource} reads the files of Leshan's {@code
 * FileSecurityStore} and Scandium's {@code MultiPskFileStore}, a running Leshan server, Leshan's
 * Redis store, or ThingsBoard's CSV. {@link io.github.lwm2mcreds.leshan.migration.StoreExport}
 * writes a credential store to files that Leshan and Scandium load. Uses core's root package,
 * {@code manifest} and {@code store}, and {@code rest}.
 */
package io.github.lwm2mcreds.leshan.migration;
