// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.security.auth.Destroyable;

/**
 * One device in a manifest: its credential, its board, and the columns that only others understand.
 * A list of devices that have no keys yet has rows without a credential.
 *
 * <p>A row owns its credential: destroying the row destroys the key.
 */
public final class ManifestRow implements ManifestEntry, Destroyable {
  private final String endpoint;
  private final PskIdentity pskIdentity;
  private final DeviceCredential credential; // null without a key
  private final Map<String, String> columns; // board and others, without empty ones
  private final long line;

  private ManifestRow(
      String endpoint,
      PskIdentity pskIdentity,
      DeviceCredential credential,
      Map<String, String> columns,
      long line) {
    this.endpoint = endpoint;
    this.pskIdentity = pskIdentity;
    this.credential = credential;
    this.columns = columns;
    this.line = line;
  }

  /**
   * Returns the row of a device.
   *
   * @param credential owned by the row from now on
   * @return a row without other columns
   */
  public static ManifestRow of(DeviceCredential credential) {
    return new ManifestRow(
        credential.endpoint(), credential.pskIdentity(), credential, Map.of(), 0);
  }

  /**
   * Returns the row of a device that has no key yet.
   *
   * @param endpoint 1 to 252 UTF-8 bytes without control characters
   * @param pskIdentity the identity that the device will send
   * @return a row without other columns
   * @throws io.github.lwm2mcreds.InvalidCredentialException if the endpoint is outside the limits
   */
  public static ManifestRow withoutKey(String endpoint, PskIdentity pskIdentity) {
    return new ManifestRow(
        DeviceCredential.requireEndpoint(endpoint),
        Objects.requireNonNull(pskIdentity, "pskIdentity"),
        null,
        Map.of(),
        0);
  }

  /** Returns a row that was read. */
  static ManifestRow read(
      String endpoint,
      PskIdentity pskIdentity,
      Optional<PreSharedKey> psk,
      Map<String, String> columns,
      long line) {
    return new ManifestRow(
        endpoint,
        pskIdentity,
        psk.map(key -> DeviceCredential.of(endpoint, pskIdentity, key)).orElse(null),
        columns,
        line);
  }

  /**
   * Returns this row with the same device and another value in a column.
   *
   * @param column {@code board} or the name of a column of the caller's own
   * @param value any text; an empty one removes the column
   * @return a row that shares this one's credential
   * @throws IllegalArgumentException if the column is part of the credential or has no name, or the
   *     value contains a lone surrogate
   */
  public ManifestRow with(String column, String value) {
    Map<String, String> changed = new LinkedHashMap<>(columns);
    String name = requireOwn(column);
    if (!isText(value)) {
      throw new IllegalArgumentException("the value contains a lone surrogate");
    }
    if (value.isEmpty()) {
      changed.remove(name);
    } else {
      changed.put(name, value);
    }
    return new ManifestRow(endpoint, pskIdentity, credential, changed, line);
  }

  /** Returns the name of a column that is not part of the credential. */
  static String requireOwn(String column) {
    Optional<ManifestColumn> known = ManifestColumn.named(column);
    if (column.isBlank()
        || !isText(column)
        || known.isPresent() && known.get() != ManifestColumn.BOARD) {
      throw new IllegalArgumentException(
          "'" + Printable.escape(column) + "' cannot be the name of a column of one's own");
    }
    return known.map(ManifestColumn::title).orElse(column.strip());
  }

  private static boolean isText(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /**
   * Returns the LwM2M endpoint client name.
   *
   * @return 1 to 252 UTF-8 bytes of text
   */
  public String endpoint() {
    return endpoint;
  }

  /**
   * Returns the identity that the device sends, which is the endpoint unless the row says
   * otherwise.
   *
   * @return the PSK identity
   */
  public PskIdentity pskIdentity() {
    return pskIdentity;
  }

  /**
   * Returns the device's credential, not a copy.
   *
   * @return the credential, owned by this row; empty if the row has no key, which only {@link
   *     ManifestReader#ofList} lets through
   */
  public Optional<DeviceCredential> credential() {
    return Optional.ofNullable(credential);
  }

  /**
   * Returns the device's board.
   *
   * @return the value of the column {@code board}
   */
  public Optional<String> board() {
    return Optional.ofNullable(columns.get(ManifestColumn.BOARD.title()));
  }

  /**
   * Returns the columns that are not part of the credential, {@code board} among them.
   *
   * @return the values by name, in the manifest's order, without empty ones; unmodifiable
   */
  public Map<String, String> columns() {
    return Collections.unmodifiableMap(columns);
  }

  @Override
  public long line() {
    return line;
  }

  /** Destroys the key, if there is one. */
  @Override
  public void destroy() {
    credential().ifPresent(DeviceCredential::destroy);
  }

  @Override
  public boolean isDestroyed() {
    return credential().map(DeviceCredential::isDestroyed).orElse(false);
  }

  /**
   * Compares devices and columns, wherever the rows stand.
   *
   * @param other anything
   * @return whether it is a row with the same content
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof ManifestRow that
        && endpoint.equals(that.endpoint)
        && pskIdentity.equals(that.pskIdentity)
        && Objects.equals(credential, that.credential)
        && columns.equals(that.columns);
  }

  @Override
  public int hashCode() {
    return Objects.hash(endpoint, pskIdentity, columns);
  }

  @Override
  public String toString() {
    return "ManifestRow[line="
        + line
        + ", endpoint="
        + Printable.escape(endpoint)
        + ", pskIdentity="
        + pskIdentity
        + ", psk="
        + (credential == null ? "none" : credential.psk())
        + ", columns="
        + columns.keySet().stream().map(Printable::escape).toList()
        + "]";
  }
}
