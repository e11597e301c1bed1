// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Manifests that tests read and write. */
final class TestManifests {
  static final String KEY_1 = "8f1e6c0ad2b94735a1c85e7f30d69b42";
  static final String KEY_2 = "c3a1f09e5b7d4826918e3f60a2d4b75c";
  static final String KEY_3 = "5d0b9f3ce8a7416298f4c1d03b7e6a25";

  private TestManifests() {}

  /** What a reader found. */
  record Found(List<ManifestEntry> entries, ManifestSummary summary) {
    List<ManifestRow> rows() {
      return only(ManifestRow.class);
    }

    List<ManifestProblem> problems() {
      return only(ManifestProblem.class);
    }

    private <T> List<T> only(Class<T> type) {
      return entries.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  static Found read(String text) throws IOException {
    return read(text.getBytes(UTF_8));
  }

  static Found read(byte[] bytes) throws IOException {
    return all(ManifestReader.of(new ByteArrayInputStream(bytes), KeyPolicy.strict()));
  }

  static Found readList(String text) throws IOException {
    return all(
        ManifestReader.ofList(new ByteArrayInputStream(text.getBytes(UTF_8)), KeyPolicy.strict()));
  }

  static Found all(ManifestReader reader) throws IOException {
    try (reader) {
      List<ManifestEntry> entries = new ArrayList<>();
      for (Optional<ManifestEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        entries.add(next.get());
      }
      return new Found(entries, reader.summary());
    }
  }

  static ManifestRow row(String endpoint, String key) {
    return ManifestRow.of(
        DeviceCredential.of(endpoint, PreSharedKey.ofHex(key.getBytes(US_ASCII))));
  }

  /** Returns the rows of the example in MANIFEST.md. */
  static List<ManifestRow> example() {
    return List.of(
        row("sensor-1", KEY_1).with("board", "nrf52_blenano2"),
        ManifestRow.of(
                DeviceCredential.of(
                    "sensor-2",
                    PskIdentity.of("urn:dev:2"),
                    PreSharedKey.ofHex(KEY_2.getBytes(US_ASCII))))
            .with("board", "reel_board")
            .with("site", "J\u00fclich, hall \"B\""),
        row("sensor-3", KEY_3));
  }

  static byte[] write(ManifestWriter.Builder builder, List<ManifestRow> rows) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ManifestWriter writer = builder.to(out)) {
      for (ManifestRow row : rows) {
        writer.write(row);
      }
      writer.finish();
    }
    return out.toByteArray();
  }
}
