// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.KeyRandom;
import io.github.lwm2mcreds.RandomHealth;
import io.github.lwm2mcreds.leshan.FleetFinding.Severity;
import io.github.lwm2mcreds.leshan.cli.DoctorClaim.Provision;
import io.github.lwm2mcreds.leshan.cli.DoctorClaim.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;

/** Looks at what keys are made with on this machine: randomness, Java, providers, FIPS mode. */
final class DoctorMachine {
  private static final Path KERNEL_FIPS = Path.of("/proc/sys/crypto/fips_enabled");

  private DoctorMachine() {}

  static void examine(DoctorReport report) {
    RandomHealth health = KeyRandom.health();
    report.add(randomness(health));
    report.add(platform());
    health
        .failure()
        .ifPresent(
            failure ->
                report.add(
                    "RANDOM_SOURCE",
                    Severity.SERIOUS,
                    health.source() + " fails its health test: " + failure,
                    "repair the source; no key is made until then. Keys that were made while it"
                        + " failed must be replaced"));
  }

  private static DoctorClaim randomness(RandomHealth health) {
    ObjectNode result =
        JsonLine.object()
            .put("source", health.source())
            .put("generator", health.generator())
            .put("samples", health.samples())
            .put("longestRun", health.longestRun())
            .put("repetitionCutoff", health.repetitionCutoff())
            .put("mostInWindow", health.mostInWindow())
            .put("proportionCutoff", health.proportionCutoff())
            .put("failure", health.failure().orElse(null));
    return DoctorClaim.of(
        "random.health",
        Scope.MACHINE,
        "the source that seeds the generator of keys, and that generator",
        "NIST SP 800-90B 4.4.1 and 4.4.2 on the bytes of the source, H = 8, alpha = 2^-40, W ="
            + " 512; and whether its last 16 bytes came before. The bytes are conditioned by the"
            + " operating system: this finds a source that is stuck, biased, short in period or"
            + " replaced, not one that is conditioned and lacks entropy",
        result,
        Provision.EN_5_4_4,
        Provision.EN_5_5_1,
        Provision.CRA_2_D,
        Provision.CRA_2_E);
  }

  private static DoctorClaim platform() {
    ObjectNode result =
        JsonLine.object()
            .put("java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")")
            .put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"))
            .put("kernelFips", kernelFips())
            .put("providerFips", providerFips());
    Arrays.stream(Security.getProviders())
        .map(provider -> provider.getName() + " " + provider.getVersionStr())
        .forEach(result.withArray("providers")::add);
    return DoctorClaim.of(
        "platform",
        Scope.MACHINE,
        "Java runtime, operating system, security providers in their order, FIPS mode",
        "java.lang.Runtime, java.security.Security, " + KERNEL_FIPS,
        result,
        Provision.EN_5_5_1,
        Provision.CRA_2_E);
  }

  private static String kernelFips() {
    try {
      return Files.readString(KERNEL_FIPS).strip().equals("1") ? "on" : "off";
    } catch (IOException e) {
      return "unknown"; // no Linux, or a kernel without it
    }
  }

  private static boolean providerFips() {
    return Arrays.stream(Security.getProviders())
        .map(Provider::getName)
        .anyMatch(name -> name.contains("FIPS"));
  }
}
