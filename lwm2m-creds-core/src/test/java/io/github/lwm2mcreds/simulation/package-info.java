// SPDX-License-Identifier: Apache-2.0
/**
 * A fleet, its servers and a database that fails in every way, all moved by one seed. Nothing waits
 * for anything, so a history that goes wrong goes wrong again.
 */
package io.github.lwm2mcreds.simulation;
