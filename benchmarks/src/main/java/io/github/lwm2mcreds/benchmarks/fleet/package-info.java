// SPDX-License-Identifier: Apache-2.0
/**
 * Devices, and stores filled with them. Begin reading at {@link
 * io.github.lwm2mcreds.benchmarks.fleet.Fleet}. Uses no other package of the benchmarks.
 */
package io.github.lwm2mcreds.benchmarks.fleet;
