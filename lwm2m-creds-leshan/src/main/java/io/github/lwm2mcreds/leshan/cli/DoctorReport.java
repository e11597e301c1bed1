// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.leshan.FleetFinding;
import io.github.lwm2mcreds.leshan.FleetFinding.Severity;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the doctor has found and measured by now. */
final class DoctorReport {
  private final List<FleetFinding> findings = new ArrayList<>();
  private final List<DoctorClaim> claims = new ArrayList<>();
  private Optional<Position> position = Optional.empty();

  void add(DoctorClaim claim) {
    claims.add(claim);
  }

  void add(FleetFinding finding) {
    findings.add(finding);
  }

  /** Adds a finding that is about no endpoint. */
  void add(String code, Severity severity, String problem, String advice) {
    add(new FleetFinding(code, severity, problem, advice, List.of()));
  }

  /** Sets where the history of the store stood that the claims are about. */
  void at(Position where) {
    position = Optional.of(where);
  }

  Optional<Position> position() {
    return position;
  }

  /** Returns the claims by their ids. */
  List<DoctorClaim> claims() {
    return claims.stream().sorted(Comparator.comparing(DoctorClaim::id)).toList();
  }

  /** Returns the findings, the worst first. */
  List<FleetFinding> findings() {
    return findings.stream()
        .sorted(
            Comparator.comparing(FleetFinding::severity)
                .thenComparing(FleetFinding::code)
                .thenComparing(FleetFinding::problem))
        .toList();
  }

  int exitCode() {
    return findings.stream().allMatch(finding -> finding.severity() == Severity.NOTICE)
        ? ExitCode.DONE
        : ExitCode.FINDINGS;
  }
}
