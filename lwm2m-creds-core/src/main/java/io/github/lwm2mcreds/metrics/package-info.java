// SPDX-License-Identifier: Apache-2.0
/**
 * Meters of a server and of its store for Micrometer, which must be on the class path as {@code
 * io.micrometer:micrometer-core}. Begin with {@link io.github.lwm2mcreds.metrics.ServerMetrics} and
 * {@link io.github.lwm2mcreds.metrics.StoreMetrics}, whose tables name the meters.
 *
 * <p>Names and tags of meters are part of the API. No tag holds an endpoint, an identity or an
 * address of a device. Uses the root package, {@code store}, {@code store.mirror} and {@code
 * scandium}.
 */
package io.github.lwm2mcreds.metrics;
