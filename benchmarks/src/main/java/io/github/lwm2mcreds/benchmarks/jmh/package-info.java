// SPDX-License-Identifier: Apache-2.0
/**
 * JMH benchmarks of stores, of the codec and of handshakes. Begin reading at {@link
 * io.github.lwm2mcreds.benchmarks.jmh.PskLookupBenchmark}. May use {@code fleet} and {@code
 * contest}.
 */
package io.github.lwm2mcreds.benchmarks.jmh;
