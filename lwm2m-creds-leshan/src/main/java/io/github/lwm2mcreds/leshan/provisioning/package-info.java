// SPDX-License-Identifier: Apache-2.0
/**
 * A provisioning endpoint that a team runs instead of Leshan's security API: the same paths and
 * JSON over HTTPS alone, for callers that are known, and without a way to read keys back. Begin
 * with {@link io.github.lwm2mcreds.leshan.provisioning.ProvisioningServer}; {@link
 * io.github.lwm2mcreds.leshan.provisioning.AccessList} says who may call it.
 *
 * <p>Needs Jetty, {@code org.eclipse.jetty:jetty-server}, on the class path or module path.
 */
package io.github.lwm2mcreds.leshan.provisioning;
