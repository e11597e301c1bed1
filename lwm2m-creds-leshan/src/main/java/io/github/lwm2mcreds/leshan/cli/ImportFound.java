// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.DeviceCredential;

/**
 * A credential that a source has.
 *
 * @param number where it is: the line in a file, or the place in another list, from 1
 * @param credential belongs to the caller, who destroys it
 */
record ImportFound(long number, DeviceCredential credential) implements ImportItem {}
