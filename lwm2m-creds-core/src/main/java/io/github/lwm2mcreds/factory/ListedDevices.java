// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.factory.DeviceProblem.Reason;
import io.github.lwm2mcreds.manifest.ManifestEntry;
import io.github.lwm2mcreds.manifest.ManifestProblem;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestRow;
import io.github.lwm2mcreds.partition.Board;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Devices in a list, a CSV or NDJSON file; those without a key get one. */
final class ListedDevices implements Devices {
  private static final Set<String> OF_CREDENTIAL =
      Set.of("endpoint", "pskIdentity", "psk", "manifestLot");

  private final Path file;
  private final KeyPolicy policy;
  private long count;
  private List<String> columns = List.of();
  private String digest = "";

  ListedDevices(Path file, KeyPolicy policy) {
    this.file = file;
    this.policy = policy;
  }

  /** Takes what stands in the list. */
  private interface Reading {
    void row(ManifestRow row) throws IOException;
  }

  @Override
  public void check(DeviceChecks checks) throws IOException {
    count = 0;
    digest = read(row -> check(row, checks), checks);
    if (count == 0 && checks.problems() == 0) {
      checks.report(1, null, Reason.BAD_ROW, "the list has no devices");
    }
    checks.compare();
  }

  private void check(ManifestRow row, DeviceChecks checks) {
    count++;
    checks.endpoint(row.line(), row.endpoint());
    checks.suitable(
        row.line(), row.endpoint(), row.pskIdentity(), row.credential().map(DeviceCredential::psk));
    row.credential().ifPresent(own -> checks.key(row.line(), row.endpoint(), own.psk()));
    if (row.board().isEmpty() && checks.needsBoard()) {
      checks.report(
          row.line(),
          row.endpoint(),
          Reason.UNKNOWN_BOARD,
          "the row has no board, and Intel HEX needs an address");
    }
    try {
      row.board().ifPresent(Board::named);
    } catch (IllegalArgumentException e) {
      checks.report(row.line(), row.endpoint(), Reason.UNKNOWN_BOARD, e.getMessage());
    }
  }

  /** Reads the list; returns its SHA-256. */
  private String read(Reading reading, DeviceChecks checks) throws IOException {
    MessageDigest sha256 = sha256();
    try (ManifestReader reader =
        ManifestReader.ofList(new DigestInputStream(Files.newInputStream(file), sha256), policy)) {
      for (Optional<ManifestEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        if (next.get() instanceof ManifestRow row) {
          try {
            reading.row(row);
          } finally {
            row.destroy();
          }
        } else if (checks != null && next.get() instanceof ManifestProblem problem) {
          checks.report(
              problem.line(), problem.endpoint().orElse(null), Reason.BAD_ROW, problem.message());
        }
      }
      columns = reader.columns().stream().filter(name -> !OF_CREDENTIAL.contains(name)).toList();
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public String settings() {
    return "the list with the SHA-256 " + digest;
  }

  @Override
  public void forEach(LotKeys keys, Step step) throws IOException {
    String read = read(row -> make(row, keys, step), null);
    if (!read.equals(digest)) {
      throw new FactoryException(
          FactoryException.Reason.LIST_CHANGED, "the list of devices was changed meanwhile");
    }
  }

  private static void make(ManifestRow listed, LotKeys keys, Step step) throws IOException {
    if (listed.credential().isPresent()) {
      step.take(listed);
      return;
    }
    ManifestRow row =
        ManifestRow.of(
            DeviceCredential.of(listed.endpoint(), listed.pskIdentity(), keys.nextKey()));
    try {
      ManifestRow whole = row;
      for (Map.Entry<String, String> column : listed.columns().entrySet()) {
        whole = whole.with(column.getKey(), column.getValue());
      }
      step.take(whole);
    } finally {
      row.destroy();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "this Java runtime has no SHA-256, which every Java runtime must have", e);
    }
  }
}
