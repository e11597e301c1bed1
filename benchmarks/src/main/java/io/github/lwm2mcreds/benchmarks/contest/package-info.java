// SPDX-License-Identifier: Apache-2.0
/**
 * Servers in processes of their own, the devices that load or flood them, and what a handshake
 * costs each server. Begin reading at {@link io.github.lwm2mcreds.benchmarks.contest.Contest}, then
 * {@link io.github.lwm2mcreds.benchmarks.contest.Comparison}. May use {@code fleet}.
 */
package io.github.lwm2mcreds.benchmarks.contest;
