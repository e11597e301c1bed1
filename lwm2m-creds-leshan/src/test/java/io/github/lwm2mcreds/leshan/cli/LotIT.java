// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lwm2mcreds.Peers;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.io.File;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A lot on its way from the factory to the server, by the runnable jar. Both {@code generate} and
 * {@code store import} are killed in the middle, and openssl, Python and SRecord read what was
 * made. The property {@code lwm2mcreds.lotDevices} says how many devices it has; an import writes
 * 10,000 at a time, so that it has to be more for one to be killed between two writes.
 */
class LotIT {
  private static final int DEVICES = Integer.getInteger("lwm2mcreds.lotDevices", 12_000);

  /** How long anything is waited for; much longer than it takes. */
  private static final long SECONDS = 60 + DEVICES / 200;

  private static final int SAMPLES = 20;
  private static final String STORE = "--store=sqlite:fleet.db";
  private static final List<String> BOARDS = List.of("nrf52_blenano2", "reel_board", "frdm_k64f");
  private static final List<String> ADDRESSES = List.of("0x7f000", "0xfb000", "0x10000");

  @TempDir private static Path folder;

  /** The zip file of images as it was when {@code generate} was killed. */
  private static byte[] imagesWhenKilled;

  /** How many devices the store had when {@code store import} was killed. */
  private static long storedWhenKilled;

  /** What the second {@code store import} printed. */
  private static List<JsonNode> imported;

  @BeforeAll
  static void make() throws Exception {
    Peers.require("openssl");
    openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256", "factory");
    openssl("req -x509 -newkey rsa:2048", "server");
    killAndResumeGenerate();
    openWithOpenssl();
    done("store", "init", STORE);
    killAndRepeatImport();
  }

  private static void openssl(String command, String name) throws Exception {
    String all =
        "openssl %s -nodes -days 2 -subj /CN=%s -keyout %s -out %s"
            .formatted(command, name, file(name + ".key"), file(name + ".crt"));
    Peers.run(all.split(" "));
  }

  private static void killAndResumeGenerate() throws Exception {
    byte[] list = list().getBytes(UTF_8);
    String[] generate = {
      "generate",
      "--from=list.csv",
      "--image=hex",
      "--out=images.zip",
      "--labels=labels.csv",
      "--manifest=lot.p7m",
      "--lot=2026-48/7",
      "--seal-to=server.crt",
      "--sign-with=factory.key",
      "--sign-cert=factory.crt",
      "--quiet"
    };
    PipedInput.make(file("list.csv"));
    PipedInput half;
    Path part = file(".images.zip.part");
    try (Child child = Child.startJar(folder, generate)) {
      half = PipedInput.feedTwice(file("list.csv"), list, list.length / 2, SECONDS);
      await().atMost(Duration.ofSeconds(SECONDS)).until(() -> Files.size(part) > 0);
      assertThat(child.output()).isEmpty();
    } // kills it, while it waits for the other half
    half.close();
    imagesWhenKilled = Files.readAllBytes(part);
    Files.delete(file("list.csv"));
    Files.write(file("list.csv"), list);
    String[] resume = Arrays.copyOf(generate, generate.length + 1);
    resume[generate.length] = "--resume";
    assertThat(done(resume)).startsWith(DEVICES + " devices  images images.zip  manifest lot.p7m");
  }

  /** Returns a list of devices on all kinds of board, of which each hundredth has a key already. */
  private static String list() {
    SplittableRandom random = new SplittableRandom();
    StringBuilder list = new StringBuilder("endpoint,psk,board,site\n");
    for (int i = 0; i < DEVICES; i++) {
      String psk =
          i % 100 == 99 ? String.format("%016x%016x", random.nextLong(), random.nextLong()) : "";
      list.append(endpoint(i)).append(',').append(psk).append(',').append(BOARDS.get(i % 3));
      list.append(",\"J\u00fclich, \"\"").append(i % 7).append("\"\"\n\u4e2d\"\n");
    }
    return list.toString();
  }

  private static String endpoint(int device) {
    return String.format(Locale.ROOT, "urn:imei:86%013d", device);
  }

  private static void openWithOpenssl() throws Exception {
    String verify =
        "openssl cms -verify -binary -purpose any -inform DER -in %s -CAfile %s -out %s";
    String decrypt = "openssl cms -decrypt -binary -inform DER -in %s -recip %s -inkey %s -out %s";
    Path sealed = file("sealed.der");
    Peers.run(verify.formatted(file("lot.p7m"), file("factory.crt"), sealed).split(" "));
    Peers.run(
        decrypt
            .formatted(sealed, file("server.crt"), file("server.key"), file("lot.csv"))
            .split(" "));
  }

  /** The first import reads what openssl opened, and the second the sealed manifest. */
  private static void killAndRepeatImport() throws Exception {
    byte[] manifest = Files.readAllBytes(file("lot.csv"));
    PipedInput.make(file("pipe"));
    PipedInput most;
    try (Child child = Child.startJar(folder, "store", "import", "pipe", STORE, "--summary")) {
      most = PipedInput.feed(file("pipe"), manifest, manifest.length / 20 * 19, SECONDS);
      await().atMost(Duration.ofSeconds(SECONDS)).until(() -> stored() > 0);
      assertThat(child.output()).doesNotContain("complete");
    } // kills it, while it waits for the rest
    most.close();
    storedWhenKilled = stored();
    imported = new ArrayList<>();
    String output =
        done(
            "store",
            "import",
            "lot.p7m",
            "--trust=factory.crt",
            "--open-with=server.key",
            "--open-cert=server.crt",
            STORE,
            "--summary",
            "--quiet",
            "--format=json");
    for (String line : output.split("\n")) {
      imported.add(new ObjectMapper().readTree(line));
    }
  }

  private static long stored() {
    try (JdbcCredentialStore store = JdbcCredentialStore.sqlite(file("fleet.db")).open()) {
      return store.size();
    }
  }

  @Test
  void generate_killedInTheMiddleAndResumed_keepsTheImagesThatItHadMade() throws Exception {
    byte[] images = Files.readAllBytes(file("images.zip"));

    assertThat(imagesWhenKilled.length).isPositive().isLessThan(images.length);
    assertThat(Arrays.mismatch(imagesWhenKilled, images)).isEqualTo(imagesWhenKilled.length);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".run") || name.endsWith(".part"));
    }
  }

  @Test
  void imagesAndLabels_readByPython_areThoseOfTheManifestThatOpensslOpened() throws Exception {
    assertThat(readByPython("images.zip")).containsExactly(DEVICES + " match");
  }

  private static List<String> readByPython(String images) throws Exception {
    Peers.require("python3");
    String script = new File("src/test/resources/lot/read_lot.py").getAbsolutePath();
    return List.of(run(0, "python3", script, "lot.csv", images, "labels.csv").split("\n"));
  }

  @Test
  void images_readBySrecord_haveEndpointAndKeyWhereTheFirmwareReadsThem() throws Exception {
    Peers.require("srec_cat");
    List<String> manifest = Files.readAllLines(file("lot.csv"));
    try (FileSystem zip = FileSystems.newFileSystem(file("images.zip"))) {
      for (int sample = 0; sample < SAMPLES; sample++) {
        int device = sample * (DEVICES / SAMPLES);
        String name = LotDifferences.image(endpoint(device));
        Files.copy(zip.getPath(name), file(name));
        String read = "srec_cat %s -intel -offset -%s -o %s -binary";
        String address = ADDRESSES.get(device % 3);
        Peers.run(read.formatted(file(name), address, file("read.bin")).split(" "));

        String begin = endpoint(device) + "," + endpoint(device) + ",";
        String row =
            manifest.stream().filter(line -> line.startsWith(begin)).findAny().orElseThrow();
        byte[] expected = new byte[66];
        byte[] endpoint = endpoint(device).getBytes(US_ASCII);
        System.arraycopy(endpoint, 0, expected, 0, endpoint.length);
        System.arraycopy(row.getBytes(US_ASCII), begin.length(), expected, 33, 32);
        assertThat(Files.readAllBytes(file("read.bin"))).as(name).isEqualTo(expected);
      }
    }
  }

  @Test
  void storeImport_killedInTheMiddleAndRunAgain_losesNothing() throws Exception {
    assertThat(storedWhenKilled).isPositive().isLessThan(DEVICES);
    assertThat(imported).hasSize(2);
    assertThat(imported.get(0).get("lotCheck").asText()).isEqualTo("MATCHES");
    JsonNode total = imported.get(1);
    assertThat(total.get("unchanged").asLong()).isEqualTo(storedWhenKilled);
    assertThat(total.get("added").asLong()).isEqualTo(DEVICES - storedWhenKilled);
    assertThat(done("store", "check", STORE))
        .isEqualTo("credentials: " + DEVICES + ", findings: none");
    assertThat(done("verify", "--images=images.zip", STORE, "--summary"))
        .isEqualTo(DEVICES + " match");
  }

  @Test
  void verify_ofPlantedDifferences_findsEach_asPythonDoes() throws Exception {
    Files.copy(file("images.zip"), file("planted.zip"));
    List<String> planted = LotDifferences.plant(file("planted.zip"), LotIT::endpoint);

    List<String> found = new ArrayList<>();
    String output =
        jar(
            ExitCode.FINDINGS,
            "verify",
            "--images=planted.zip",
            STORE,
            "--summary",
            "--format=json");
    for (String line : output.split("\n")) {
      JsonNode object = new ObjectMapper().readTree(line);
      String of = object.get(object.get("endpoint").isNull() ? "file" : "endpoint").asText();
      found.add(object.get("outcome").asText() + " " + of);
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(planted);

    planted.add(DEVICES - LotDifferences.DEVICES + " match");
    assertThat(readByPython("planted.zip")).containsExactlyInAnyOrderElementsOf(planted);
  }

  private static Path file(String name) {
    return folder.resolve(name);
  }

  /** Runs a command of the jar that must succeed, and returns its output. */
  private static String done(String... args) throws InterruptedException {
    return jar(ExitCode.DONE, args);
  }

  private static String jar(int exitCode, String... args) throws InterruptedException {
    return end(exitCode, Child.startJar(folder, args));
  }

  private static String run(int exitCode, String... command) throws InterruptedException {
    return end(exitCode, Child.start(folder, command));
  }

  private static String end(int exitCode, Child child) throws InterruptedException {
    try (child) {
      assertThat(child.awaitEnd(SECONDS)).as(child::output).isEqualTo(exitCode);
      return child.output();
    }
  }
}
