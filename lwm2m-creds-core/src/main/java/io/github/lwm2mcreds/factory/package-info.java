// SPDX-License-Identifier: Apache-2.0
/**
 * A factory run: the images and the manifest of a lot in one go, and the proof that images, store
 * and manifest match. {@link io.github.lwm2mcreds.factory.FactoryRun} and {@link
 * io.github.lwm2mcreds.factory.ImageComparison} are the places to begin. Uses the root package,
 * {@code partition}, {@code manifest}, {@code label}, {@code store} and {@code store.internal}.
 */
package io.github.lwm2mcreds.factory;
