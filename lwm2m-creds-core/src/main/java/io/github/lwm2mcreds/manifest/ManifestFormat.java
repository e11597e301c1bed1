// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

/** The formats of a manifest in clear. Both are UTF-8 and hold the same rows. */
public enum ManifestFormat {
  /** Comma-separated values with a header (RFC 4180). */
  CSV,
  /** One flat JSON object per line. */
  NDJSON
}
