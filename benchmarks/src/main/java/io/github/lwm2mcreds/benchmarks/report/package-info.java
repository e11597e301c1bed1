// SPDX-License-Identifier: Apache-2.0
/**
 * Result files, and the charts and tables that are made from them. Begin reading at {@link
 * io.github.lwm2mcreds.benchmarks.report.Report}. May use {@code contest}.
 */
package io.github.lwm2mcreds.benchmarks.report;
