// SPDX-License-Identifier: Apache-2.0
/**
 * Labels of devices, to be printed: endpoint, check value and a QR code with both, never a key.
 * {@link io.github.lwm2mcreds.label.LabelWriter} is the place to begin. Uses the root package,
 * {@code manifest} and {@code store.internal}; {@code MANIFEST.md} describes what is on a label.
 */
package io.github.lwm2mcreds.label;
