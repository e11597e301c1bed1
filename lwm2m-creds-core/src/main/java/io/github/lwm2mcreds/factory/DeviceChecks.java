// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.DeviceProfile;
import io.github.lwm2mcreds.InvalidCredentialException;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.factory.DeviceProblem.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is checked of devices before they are made. Keeps 64 bits of each endpoint and of each given
 * key where they have to be compared: see {@link SeenHashes}.
 */
final class DeviceChecks {
  private final List<Fleet> against;
  private final Consumer<DeviceProblem> report;
  private final boolean needsBoard;
  private final Optional<DeviceProfile> stack;
  private final SeenHashes endpoints = new SeenHashes();
  private final SeenHashes keys = new SeenHashes();
  private final SeenHashes checkValues = new SeenHashes();
  private long problems;

  DeviceChecks(
      List<Fleet> against,
      Consumer<DeviceProblem> report,
      boolean needsBoard,
      Optional<DeviceProfile> stack) {
    this.needsBoard = needsBoard;
    this.stack = stack;
    this.against = List.copyOf(against);
    this.report = report;
  }

  /** Whether devices that exist already have to be compared. */
  boolean comparesOthers() {
    return !against.isEmpty();
  }

  /** Whether each device has to have a board, as nothing else says where its partition is. */
  boolean needsBoard() {
    return needsBoard;
  }

  long problems() {
    return problems;
  }

  void report(long line, String endpoint, Reason reason, String message) {
    problems++;
    report.accept(new DeviceProblem(line, Optional.ofNullable(endpoint), reason, message));
  }

  /** Checks that a device can hold what it is to hold, whatever its key. */
  void suitable(long line, String endpoint, PskIdentity identity, Optional<PreSharedKey> key) {
    PreSharedKey any = key.orElseGet(() -> PreSharedKey.copyOf(new byte[16]));
    try {
      DeviceCredential credential = DeviceCredential.of(endpoint, identity, any);
      DeviceProfile.DM_LWM2M.check(credential);
      stack.ifPresent(profile -> profile.check(credential));
    } catch (InvalidCredentialException e) {
      report(line, endpoint, Reason.UNSUITABLE, e.getMessage());
    }
  }

  void endpoint(long line, String endpoint) {
    if (!endpoints.add(endpoint.getBytes(UTF_8))) {
      report(line, endpoint, Reason.DUPLICATE_ENDPOINT, quoted(endpoint) + " is there twice");
    }
  }

  void key(long line, String endpoint, PreSharedKey key) {
    if (!SecretBytes.useAndWipe(key.exposeBytes(), keys::add)) {
      report(
          line,
          endpoint,
          Reason.DUPLICATE_KEY,
          "the key of " + quoted(endpoint) + " is also another device's");
    }
    checkValues.add(key.checkValue().toString().getBytes(UTF_8));
  }

  /** Compares the devices with those that exist. */
  void compare() throws IOException {
    for (Fleet fleet : against) {
      fleet.forEach(this::compare);
    }
  }

  private void compare(FleetDevice other) {
    if (endpoints.contains(other.endpoint().getBytes(UTF_8))) {
      report(
          0, other.endpoint(), Reason.TAKEN_ENDPOINT, quoted(other.endpoint()) + " exists already");
    } else if (other.pskIdentity().map(id -> endpoints.contains(id.toBytes())).orElse(false)) {
      report(
          0,
          other.pskIdentity().get().asString(),
          Reason.TAKEN_ENDPOINT,
          quoted(other.pskIdentity().get().asString())
              + " is the PSK identity of "
              + quoted(other.endpoint())
              + " already");
    }
    boolean mayHaveKey =
        other
            .checkValue()
            .map(v -> checkValues.contains(v.toString().getBytes(UTF_8)))
            .orElse(false);
    if (mayHaveKey && hasKey(other)) {
      report(
          0,
          null,
          Reason.TAKEN_KEY,
          "the key with the check value "
              + other.checkValue().get()
              + " is that of "
              + quoted(other.endpoint())
              + " already");
    }
  }

  private boolean hasKey(FleetDevice other) {
    Optional<DeviceCredential> opened = other.opening().get();
    try {
      return opened
          .map(found -> SecretBytes.useAndWipe(found.psk().exposeBytes(), keys::contains))
          .orElse(false);
    } finally {
      opened.ifPresent(DeviceCredential::destroy);
    }
  }

  private static String quoted(String endpoint) {
    return "'" + Printable.escape(endpoint) + "'";
  }
}
