// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.leshan.FleetFinding;
import io.github.lwm2mcreds.leshan.FleetFinding.Severity;
import io.github.lwm2mcreds.leshan.FleetKeys;
import io.github.lwm2mcreds.leshan.FleetReport;
import io.github.lwm2mcreds.leshan.cli.DoctorClaim.Provision;
import io.github.lwm2mcreds.leshan.cli.DoctorClaim.Scope;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.StoreFinding;
import io.github.lwm2mcreds.store.jdbc.StoreStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Looks at a store, and at the keys of its fleet as a whole. */
final class DoctorStore {
  private final JdbcCredentialStore store;
  private final DoctorReport report;
  private final Streams streams;

  DoctorStore(JdbcCredentialStore store, DoctorReport report, Streams streams) {
    this.store = store;
    this.report = report;
    this.streams = streams;
  }

  /**
   * Looks at all of it.
   *
   * @param wrapping what opens the store
   * @param maxAge how old a key may be
   */
  void examine(String wrapping, Duration maxAge) {
    StoreStatus status = store.status();
    FleetReport fleet = keys(status);
    report.at(fleet.position());
    state(status);
    report.add(wrapping(wrapping));
    history(status);
    fleet.findings().forEach(report::add);
    report.add(distinct(fleet));
    report.add(distribution(fleet));
    report.add(age(fleet));
    fleet
        .oldestKey()
        .filter(oldest -> oldest.isBefore(Instant.now().minus(maxAge)))
        .ifPresent(oldest -> old(oldest, fleet.neverRenewed(), maxAge));
  }

  private FleetReport keys(StoreStatus status) {
    Progress progress = new Progress("keys", status.endpoints(), streams);
    FleetReport fleet = FleetKeys.examine(store, progress);
    progress.clear();
    return fleet;
  }

  private void state(StoreStatus status) {
    ObjectNode result =
        JsonLine.object()
            .put("schemaVersion", status.schemaVersion())
            .put("sealingKeys", status.sealingKeys())
            .put("endpoints", status.endpoints())
            .put("nextCredentials", status.nextCredentials())
            .put("revocations", status.revocations());
    report.add(
        DoctorClaim.of(
            "store.state",
            Scope.STORE,
            "how many sealing keys, devices, rotations and revocations the store has",
            "the store's tables; keys are sealed with AES-256-GCM",
            result,
            Provision.EN_5_5_8,
            Provision.CRA_2_D,
            Provision.CRA_2_E));
    if (status.sealingKeys() > 1) {
      report.add(
          "SEALING_KEYS",
          Severity.NOTICE,
          "the store has " + status.sealingKeys() + " sealing keys",
          "an interrupted store reseal, or keys that do not open: run store reseal");
    }
  }

  /** Of the machine, as the same store may be opened elsewhere, or with another key. */
  private static DoctorClaim wrapping(String wrapping) {
    return DoctorClaim.of(
        "store.wrapping",
        Scope.MACHINE,
        "what the store's sealing keys are wrapped with, as it was opened",
        "the options of this run: a key file, a passphrase (Argon2id) or a key of a key store",
        JsonLine.object().put("opensWith", wrapping),
        Provision.EN_5_5_8,
        Provision.CRA_2_E);
  }

  private void history(StoreStatus status) {
    List<StoreFinding> damage = new ArrayList<>();
    Progress progress = new Progress("credentials", status.endpoints(), streams);
    store.check(damage::add, progress);
    progress.clear();
    damage.stream()
        .filter(finding -> finding.endpoint().isEmpty())
        .forEach(
            finding ->
                report.add(
                    "DAMAGE",
                    Severity.SERIOUS,
                    finding.problem(),
                    "store check and store audit --verify tell more; restore a backup"));
    boolean isSound = damage.stream().allMatch(finding -> !finding.endpoint().isEmpty());
    report.add(
        DoctorClaim.of(
            "store.history",
            Scope.STORE,
            "whether the history is unbroken, and file and counts are as they should be",
            "SHA-256 chain over all changes from the first; PRAGMA integrity_check; row counts",
            JsonLine.object().put("sound", isSound),
            Provision.EN_5_5_8,
            Provision.CRA_2_F,
            Provision.CRA_2_L));
  }

  private static DoctorClaim distinct(FleetReport fleet) {
    ObjectNode result =
        JsonLine.object().put("credentials", fleet.credentials()).put("unopened", fleet.unopened());
    ObjectNode found = result.putObject("findings");
    for (FleetFinding finding : fleet.findings()) {
      found.put(finding.code(), finding.endpoints().size());
    }
    return DoctorClaim.of(
        "keys.patterns",
        Scope.STORE,
        "how many endpoints have a key that is shared, counts, is known, short, text, or follows"
            + " from the endpoint's name",
        "every key opened once; equality and successors by 64 bits of salted SHA-256; weaknesses"
            + " as in KeyWeakness; names, their reverses and their MD5, SHA-1, SHA-256 and SHA-512",
        result,
        Provision.EN_5_4_3,
        Provision.EN_5_4_4,
        Provision.CRA_2_D);
  }

  private static DoctorClaim distribution(FleetReport fleet) {
    return DoctorClaim.of(
        "keys.distribution",
        Scope.STORE,
        "whether the bytes of all keys are evenly distributed",
        "monobit (two-sided) and chi-square over 256 values (255 degrees of freedom,"
            + " Wilson-Hilferty, from "
            + FleetKeys.MIN_BYTES
            + " bytes on), each with a false positive rate of 10^-6; 10 or more keys with the same"
            + " byte at a position (below 2^-66 by chance)",
        JsonLine.object()
            .put("bytes", fleet.bytes())
            .put("ones", fleet.ones())
            .put("chiSquare", String.format(Locale.ROOT, "%.3f", fleet.chiSquare())),
        Provision.EN_5_4_4,
        Provision.CRA_2_D);
  }

  private static DoctorClaim age(FleetReport fleet) {
    return DoctorClaim.of(
        "keys.age",
        Scope.STORE,
        "how many endpoints have the first key they ever had, and since when the oldest is used",
        "the store's history: ADDED, REPLACED, ROTATED, REMOVED, REVOKED",
        JsonLine.object()
            .put("neverRenewed", fleet.neverRenewed())
            .put("oldestSince", fleet.oldestKey().map(Instant::toString).orElse(null)),
        Provision.EN_5_5_8,
        Provision.CRA_2_D);
  }

  private void old(Instant oldest, long neverRenewed, Duration maxAge) {
    report.add(
        "OLD_KEYS",
        Severity.NOTICE,
        "the oldest key is used since "
            + oldest
            + ", more than "
            + maxAge.toDays()
            + " days; "
            + neverRenewed
            + " endpoints never had another",
        "store rotate gives devices new keys");
  }
}
