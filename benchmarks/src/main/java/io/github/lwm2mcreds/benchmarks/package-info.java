// SPDX-License-Identifier: Apache-2.0
/**
 * The commands of {@code benchmarks.jar}, and what each of them measures. Begin reading at {@link
 * io.github.lwm2mcreds.benchmarks.Main}. May use all packages below; none of them uses this one.
 */
package io.github.lwm2mcreds.benchmarks;
