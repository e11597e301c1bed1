// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Hostile;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.rest.FakeLeshanApi;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import io.github.lwm2mcreds.manifest.CsvTable;
import io.github.lwm2mcreds.manifest.ManifestEntry;
import io.github.lwm2mcreds.manifest.ManifestFormat;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestRow;
import io.github.lwm2mcreds.manifest.ManifestWriter;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.scandium.HandshakeRefusal;
import io.github.lwm2mcreds.store.RetiredCredential;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Devices may call themselves anything: whatever the command line prints of them steers no
 * terminal, forges no line, turns no text around, and is no formula.
 */
class HostileNamesTest {
  /** Names that an endpoint may have. */
  private static final List<String> NAMES =
      List.of(
          "=cmd|' /C calc'!A0",
          "+1+1",
          "-2+3",
          "@SUM(1,2)",
          "'=1",
          "a\u202eb\u2066c\u200f",
          "line\u2028separator\u2029here",
          "\ufeffbom\u200b",
          "tag\udb40\udc41",
          "-\u00ad-help");

  /** What an identity may have besides, and a reason, a board or a column of somebody's own. */
  private static final String WORST = "=1\u001b[31m\r\nforged\t\u0085\u0007\u202e\u0000";

  /** What no device names, or where no command prints names: another test has it. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "demo", "it makes its own devices",
          "serve", "event_ofHostileNames_isOneHarmlessLine",
          "device", "it tells of itself alone",
          "gen-cred-partition", "its name was typed",
          "generate", "its names were typed",
          "store.init", "it has no devices",
          "store.reseal", "it only counts");

  /** Commands that only have others below them. */
  private static final Set<String> GROUPS = Set.of("store", "manifest", "access");

  @TempDir private Path folder;
  private final Set<String> covered = new TreeSet<>(ELSEWHERE.keySet());
  private final List<DeviceCredential> devices = new ArrayList<>();
  private TestStore store;
  private Path manifest;
  private TestKeys factory;
  private TestKeys server;

  @BeforeEach
  void makeDevices() throws IOException {
    Random random = new Random(1);
    for (String name : NAMES) {
      byte[] key = new byte[16];
      random.nextBytes(key);
      PskIdentity identity = PskIdentity.ofBytes((WORST + devices.size()).getBytes(UTF_8));
      devices.add(DeviceCredential.of(name, identity, PreSharedKey.copyOf(key)));
    }
    store = TestStore.init(folder);
    manifest = folder.resolve("lot.csv");
    write(ManifestFormat.CSV, manifest);
  }

  private void write(ManifestFormat format, Path file) throws IOException {
    try (ManifestWriter writer =
        ManifestWriter.builder(format).columns("board", "=own").lot("-7").create(file)) {
      for (DeviceCredential device : devices) {
        writer.write(ManifestRow.of(device).with("board", WORST).with("=own", WORST));
      }
      writer.finish();
    }
  }

  /** Runs a command, and checks all that it prints. */
  private Cli run(String... args) {
    covered.add(GROUPS.contains(args[0]) ? args[0] + "." + args[1] : args[0]);
    Cli run = Cli.run(args);
    for (String text : List.of(run.out(), run.err())) {
      for (String line : text.split("\n")) {
        Hostile.requireHarmless(line);
      }
    }
    assertThat(run.err()).doesNotContain("unexpected", "unknown option", "missing:");
    return run;
  }

  private void runToItsEnd(String... args) {
    Cli run = run(args);
    assertThat(run.code()).as(run::err).isZero();
  }

  private Cli inStore(String command, String... args) {
    List<String> all =
        new ArrayList<>(List.of("store", command, "--store", "sqlite:" + store.file()));
    all.addAll(List.of(args));
    return run(all.toArray(String[]::new));
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void everyCommand_ofHostileNames_printsHarmlessLines() throws Exception {
    manifests();
    stores();
    partitions();
    servers();
    access();

    Set<String> commands = new TreeSet<>(ConfigKeys.COMMANDS);
    commands.removeAll(GROUPS);
    assertThat(covered).containsAll(commands);
  }

  private void manifests() throws Exception {
    String lot = manifest.toString();
    factory = TestKeys.make(folder, "factory", "EC");
    server = TestKeys.make(folder, "server", "EC");
    run("manifest", "inspect", lot);
    run("manifest", "inspect", lot, "--format", "json");
    run("manifest", "verify", lot);
    for (String labels : List.of("l.csv", "l.svg", "l.pdf")) {
      run("manifest", "labels", lot, "-o", file(labels));
    }
    runToItsEnd(
        "manifest",
        "seal",
        lot,
        "--seal-to",
        server.certificate().toString(),
        "-o",
        file("lot.p7m"),
        "--sign-with",
        factory.pem().toString());
    runToItsEnd(
        "manifest",
        "open",
        file("lot.p7m"),
        "--trust",
        factory.certificate().toString(),
        "--open-with",
        server.pem().toString(),
        "-o",
        file("opened.csv"));
    Files.writeString(
        folder.resolve("bad.ndjson"),
        "{\"endpoint\":\"\\u001b[31m\",\"psk\":\"00\"}\n"
            + "{\"\\u202e\\n"
            + "\":{}}\n"
            + "\u001b[0m\n"
            + "{\"a\u202e\":1,\"a\u202e\":2}\n");
    run("manifest", "inspect", file("bad.ndjson"));
    run("manifest", "verify", file("bad.ndjson"));
    for (String csv : List.of("lot.csv", "l.csv", "opened.csv")) {
      assertNoFormula(folder.resolve(csv));
    }
  }

  private void stores() throws Exception {
    assertThat(inStore("import", manifest.toString()).out()).contains("added");
    inStore("import", manifest.toString(), "--format", "json");
    inStore("import", file("bad.ndjson"));
    Cli list = inStore("list");
    assertThat(list.out().lines()).hasSize(NAMES.size());
    inStore("list", "--format", "json");
    for (String name : NAMES) {
      inStore("show", "--history", "--", name);
      inStore("show", "--", name + "x");
    }
    inStore("revoke", "--reason", WORST.replace("\u0000", ""), "--", NAMES.get(0));
    inStore("remove", "--", NAMES.get(1));
    inStore("rotate", "--identity", WORST.replace("\u0000", ""), "--", NAMES.get(5));
    inStore("list", "--revoked");
    run( // of which some are not taken, and are named
        "manifest",
        "receipt",
        file("lot.p7m"),
        "--trust",
        factory.certificate().toString(),
        "--open-with",
        server.pem().toString(),
        "--store",
        "sqlite:" + store.file(),
        "--sign-with",
        server.pem().toString(),
        "-o",
        file("receipt.p7m"));
    run(
        "manifest",
        "receipt",
        file("receipt.p7m"),
        "--verify",
        "--trust",
        server.certificate().toString());
    inStore("check");
    run("doctor", "--store", "sqlite:" + store.file());
    run("doctor", "--store", "sqlite:" + store.file(), "--format", "json");
    inStore("add", partition("=a\u001b[1m"));
    for (String format : List.of("text", "json", "csv")) {
      Files.writeString(
          folder.resolve("audit." + format), inStore("audit", "--format", format).out());
    }
    for (String kind : List.of("manifest", "leshan-file", "scandium-psk-file")) {
      inStore("export", "--to", kind, "-o", file("export-" + kind + ".csv"));
    }
    inStore("import", "--from", "scandium-psk-file", file("export-scandium-psk-file.csv"));
    assertNoFormula(folder.resolve("audit.csv"));
    assertNoFormula(folder.resolve("export-manifest.csv"));
  }

  /**
   * What callers of a provisioning endpoint are called, in a file that somebody has written, too.
   */
  private void access() throws IOException {
    String name = WORST.replace("\u0000", "");
    String access = file("access");
    run("access", "add", name, "--role", "factory", "--file", access, "-o", file("a.token"));
    run("access", "add", "ops", "--role", "operator", "--subject", "CN=" + name, "--file", access);
    run("access", "list", "--file", access);
    run("access", "remove", name, "--file", access);
    Path written = folder.resolve("written");
    Files.writeString(written, "factory token " + name + " 00\n");
    Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
    run("access", "list", "--file", written.toString());
  }

  private String partition(String endpoint) throws IOException {
    Path file = folder.resolve("partition-" + endpoint.hashCode());
    Files.write(
        file,
        CredentialPartition.encodeUnchecked(
            endpoint.getBytes(UTF_8), "8f1e6c0ad2b94735a1c85e7f30d69b42".getBytes(UTF_8)));
    return file.toString();
  }

  private void partitions() throws IOException {
    for (String name : List.of("=1", "\u001b[31m\r\n", "\u202ea", "-x", "\t")) {
      run("inspect", partition(name));
      run("inspect", "--format", "json", partition(name));
      run("verify", "--images", partition(name), "--manifest", manifest.toString());
      run("verify", "--images", partition(name), "--store", "sqlite:" + store.file());
    }
  }

  private void servers() throws IOException {
    try (FakeLeshanApi leshan = FakeLeshanApi.newer()) {
      String uri = leshan.uri().toString();
      LeshanSecurityApi.builder(leshan.uri())
          .build()
          .put(DeviceCredential.of(NAMES.get(6), PskIdentity.of(WORST), devices.get(0).psk()));
      run("provision", partition("=1"), "--server", uri);
      run("provision", partition("\u202ea"), "--server", uri);
      run("sync", "--store", "sqlite:" + store.file(), "--server", uri, "--dry-run");
      run("sync", "--store", "sqlite:" + store.file(), "--server", uri);
      inStore("import", "--from", "leshan-server", "--server", uri);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static void assertNoFormula(Path csv) throws IOException {
    try (CsvTable table = CsvTable.of(Files.newInputStream(csv))) {
      List<String> columns = table.columns();
      assertThat(columns).noneMatch(HostileNamesTest::isFormula);
      while (table.next()) {
        assertThat(table.problem()).isEmpty();
        for (int i = 0; i < columns.size(); i++) {
          assertThat(new String(table.field(i), UTF_8)).matches(field -> !isFormula(field));
        }
      }
    }
  }

  private static boolean isFormula(String field) {
    return !field.isEmpty() && "=+-@\t\r\n".indexOf(field.charAt(0)) >= 0;
  }

  @Test
  void manifest_ofHostileNames_isReadBackAsItWas() throws IOException {
    List<DeviceCredential> read = new ArrayList<>();
    try (InputStream in = Files.newInputStream(manifest);
        ManifestReader reader = ManifestReader.of(in, KeyPolicy.strict())) {
      for (Optional<ManifestEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        ManifestRow row = (ManifestRow) next.get();
        assertThat(row.columns()).containsEntry("board", WORST).containsEntry("=own", WORST);
        read.add(row.credential().orElseThrow());
      }
      assertThat(reader.summary().lotProblem()).isEmpty();
    }
    assertThat(read).isEqualTo(devices);
  }

  @Test
  void event_ofHostileNames_isOneHarmlessLine() {
    PskIdentity identity = devices.get(0).pskIdentity();
    HandshakeRefusal handshake =
        new HandshakeRefusal(
            Optional.empty(),
            identity.toString(),
            HandshakeRefusal.Reason.WRONG_KEY,
            List.of(),
            Optional.empty(),
            Optional.of(identity));
    for (boolean asJson : new boolean[] {true, false}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      PrintStream stream = new PrintStream(out, true, UTF_8);
      Events lines = new Events(new Streams(InputStream.nullInputStream(), stream, stream), asJson);
      ServeEvents events = new ServeEvents(lines, text -> {});
      events.refused(handshake);
      for (String name : NAMES) {
        events.credentialRetired(
            new RetiredCredential(name, identity, RetiredCredential.Cause.REVOKED));
      }
      List<String> printed = List.of(out.toString(UTF_8).split("\n"));
      assertThat(printed).hasSize(NAMES.size() + 1);
      printed.forEach(Hostile::requireHarmless);
    }
  }
}
