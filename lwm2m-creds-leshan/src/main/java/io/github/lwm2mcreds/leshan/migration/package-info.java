// SPDX-License-Identifier: Apache-2.0
/**
 * Pre-shared keys out of what others keep them in. A {@link
 * io.github.lwm2mcreds.leshan.migration.CredentialSource} reads the files of Leshan's {@code
 * FileSecurityStore} and Scandium's {@code MultiPskFileStore}, a running Leshan server, Leshan's
 * Redis store, or ThingsBoard's CSV. Uses core's root package and {@code manifest}, and {@code
 * rest}.
 */
package io.github.lwm2mcreds.leshan.migration;
