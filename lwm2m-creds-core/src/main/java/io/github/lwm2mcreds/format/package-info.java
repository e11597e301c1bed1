// SPDX-License-Identifier: Apache-2.0
/**
 * Files in which other devices and their tools take a credential: a writer and a reader for each.
 *
 * <p>{@link io.github.lwm2mcreds.format.DeviceFormats} finds a format by its name. All of them are
 * pure functions on bytes. What was checked against which tool is in {@code FORMATS.md}.
 */
package io.github.lwm2mcreds.format;
