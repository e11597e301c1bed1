// SPDX-License-Identifier: Apache-2.0
/**
 * Manifests: files of many credentials on their way from factory to server, as CSV or NDJSON, and
 * sealed for their receiver. {@link io.github.lwm2mcreds.manifest.ManifestReader} and {@link
 * io.github.lwm2mcreds.manifest.ManifestWriter} are the places to begin. Uses the root package and
 * {@code store.internal}; {@code MANIFEST.md} describes the formats.
 */
package io.github.lwm2mcreds.manifest;
