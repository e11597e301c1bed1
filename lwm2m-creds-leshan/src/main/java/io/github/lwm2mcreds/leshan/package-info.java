// SPDX-License-Identifier: Apache-2.0
/**
 * Credentials in Eclipse Leshan. Begin with {@link io.github.lwm2mcreds.leshan.PskServer}, which
 * puts the pieces of a server together: its security store, authoriser, coaps endpoint, and what
 * ends registrations. {@link io.github.lwm2mcreds.leshan.FlashedDevice} is a device that boots from
 * flash. Uses core's root package, {@code partition}, {@code store}, its listeners, and {@code
 * scandium}.
 */
package io.github.lwm2mcreds.leshan;
