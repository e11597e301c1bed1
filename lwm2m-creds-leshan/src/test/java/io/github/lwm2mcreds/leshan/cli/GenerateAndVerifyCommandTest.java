// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.leshan.rest.FakeLeshanApi;
import io.github.lwm2mcreds.partition.CredentialPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerateAndVerifyCommandTest {
  private static final int DEVICES = 2_000;
  private static final String BUILT_IN = "000102030405060708090a0b0c0d0e0f";

  @TempDir private Path folder;

  private Path file(String name) {
    return folder.resolve(name);
  }

  private String[] generate(String out, String image, int count, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("generate", "--count", "" + count, "--endpoint-template", "sensor-%08x"));
    all.addAll(List.of("--start", "1", "--board", "nrf52_blenano2", "--image", image));
    all.addAll(List.of("--out", file(out).toString()));
    all.addAll(List.of("--manifest", file("lot-7.csv").toString()));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private Cli verify(String images, String... more) {
    List<String> all = new ArrayList<>(List.of("verify", "--images", file(images).toString()));
    all.addAll(List.of("--manifest", file("lot-7.csv").toString()));
    all.addAll(List.of(more));
    return Cli.run(all.toArray(String[]::new));
  }

  private boolean hasBegun(String folderOrPart) throws IOException {
    Path path = file(folderOrPart);
    if (!Files.isDirectory(path)) {
      return Files.exists(path) && Files.size(path) > 0;
    }
    try (Stream<Path> all = Files.list(path)) {
      return all.anyMatch(image -> image.toString().endsWith(".hex"));
    }
  }

  /**
   * The process reads its list from a pipe, which has the whole list the first time, to be checked,
   * and half of it the second time. So it certainly waits in the middle of its work when it is
   * killed.
   */
  @ParameterizedTest
  @ValueSource(strings = {"images", "images.zip"})
  void generate_killedInTheMiddleAndResumed_losesNoKeyAndMakesNoneTwice(String out)
      throws Exception {
    String list =
        IntStream.rangeClosed(1, DEVICES)
            .mapToObj(i -> String.format("sensor-%08x,%s\n", i, "note ".repeat(40)))
            .collect(Collectors.joining("", "endpoint,note\n", ""));
    byte[] whole = list.getBytes(StandardCharsets.US_ASCII);
    PipedInput.make(file("list.csv"));
    String grows = out.endsWith(".zip") ? ".images.zip.part" : out;

    PipedInput half;
    try (Child child = Child.startMain(folder, Map.of(), generateOfList(out))) {
      half = PipedInput.feedTwice(file("list.csv"), whole, whole.length / 2, 60);
      await().atMost(60, TimeUnit.SECONDS).until(() -> hasBegun(grows));

      Files.write(file("whole"), whole);
      Files.move(file("whole"), file("list.csv"), StandardCopyOption.REPLACE_EXISTING);
      Cli other = Cli.run(generateOfList(out, "--resume"));
      assertThat(other.code()).as(child::output).isEqualTo(ExitCode.REFUSED);
      assertThat(other.err()).contains("another process works on this run");
    } // kills it, while it waits for the other half
    half.close();
    List<byte[]> before = hexFiles(out);
    assertThat(before).hasSizeLessThan(DEVICES);
    assertThat(List.of(file("lot-7.csv"), file("labels.csv"), file("images.zip")))
        .noneMatch(Files::exists);

    Cli resumed = Cli.run(generateOfList(out, "--resume"));
    assertThat(resumed.code()).as(resumed::err).isZero();

    Cli verified = verify(out, "--summary");
    assertThat(verified.out()).isEqualTo(DEVICES + " match" + System.lineSeparator());
    assertThat(verified.code()).isZero();
    List<byte[]> after = hexFiles(out);
    assertThat(before).allMatch(image -> after.stream().anyMatch(a -> Arrays.equals(a, image)));
    assertThat(Files.readAllLines(file("labels.csv"))).hasSize(DEVICES + 1);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("list.csv", "lot-7.csv", "labels.csv", out);
    }
  }

  private String[] generateOfList(String out, String... more) {
    List<String> all = new ArrayList<>(List.of("generate", "--from", file("list.csv").toString()));
    all.addAll(List.of("--board", "nrf52_blenano2", "--image", "hex"));
    all.addAll(List.of("--out", file(out).toString()));
    all.addAll(List.of("--manifest", file("lot-7.csv").toString()));
    all.addAll(List.of("--labels", file("labels.csv").toString()));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** Returns the images in a folder that have their names. */
  private List<byte[]> hexFiles(String out) throws IOException {
    List<byte[]> images = new ArrayList<>();
    if (Files.isDirectory(file(out))) {
      try (Stream<Path> all = Files.list(file(out))) {
        for (Path image : all.filter(path -> path.toString().endsWith(".hex")).toList()) {
          images.add(Files.readAllBytes(image));
        }
      }
    }
    return images;
  }

  @Test
  void generate_devicesThatTheirStackDoesNotTake_makesNothing() {
    Cli run = Cli.run(generate("images", "raw", 2, "--device-stack", "zephyr:16"));
    assertThat(run.code()).as(run::err).isZero();

    Cli tooLong =
        Cli.run(
            "generate",
            "--count=2",
            "--endpoint-template=seventeen-%07d",
            "--start=1",
            "--out=" + file("more"),
            "--manifest=" + file("lot-8.csv"),
            "--device-stack=zephyr:16");

    assertThat(tooLong.code()).isEqualTo(2);
    assertThat(tooLong.err()).contains("zephyr:16", "at most 16 bytes", "this one has 17");
    assertThat(file("more")).doesNotExist();
    assertThat(file("lot-8.csv")).doesNotExist();
  }

  @Test
  void generate_withLabels_hasACheckValueForEachDevice() throws IOException {
    Path labels = file("labels.csv");

    Cli run =
        Cli.run(generate("images", "raw", 3, "--labels", labels.toString(), "--format", "json"));

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out()).contains("labels.csv");
    List<String> manifest = Files.readAllLines(file("lot-7.csv"));
    for (int i = 1; i <= 3; i++) {
      String[] row = manifest.get(i).split(",");
      assertThat(Files.readAllLines(labels).get(i))
          .isEqualTo(row[0] + "," + checkValue(row[2]) + ",lot-7");
    }
  }

  @Test
  void generate_withSvgLabelsForMoreThanAPage_isRefusedBeforeAnythingIsMade() throws IOException {
    Cli run = Cli.run(generate("images", "raw", 25, "--labels", file("labels.svg").toString()));

    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err()).contains("labels.svg").contains("take .pdf for more");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void generate_hex_isReadBySrecordAsTheManifestSays() throws Exception {
    assumeThat(Path.of("/usr/bin/srec_cat")).exists();
    assertThat(Cli.run(generate("images", "hex", 3, "--quiet")).code()).isZero();

    Path bin = file("read.bin");
    Process srecCat =
        new ProcessBuilder(
                "srec_cat",
                file("images/sensor-00000002.hex").toString(),
                "-intel",
                "-offset",
                "-0x7f000",
                "-o",
                bin.toString(),
                "-binary")
            .inheritIO()
            .start();
    assertThat(srecCat.waitFor()).isZero();

    byte[] bytes = Files.readAllBytes(bin);
    assertThat(bytes).hasSize(66);
    String token = new String(bytes, 33, 32, StandardCharsets.US_ASCII);
    assertThat(Files.readString(file("lot-7.csv"))).contains(token("sensor-00000002", token));
  }

  private static String token(String endpoint, String token) {
    return endpoint + "," + endpoint + "," + token;
  }

  @Test
  void verify_plantedDifferences_findsEach() throws IOException {
    assertThat(Cli.run(generate("images", "raw", 6)).code()).isZero();
    plant("sensor-00000001", "sensor-00000001", TestStore.TOKEN);
    plant("sensor-00000002", "sensor-00000002", BUILT_IN.substring(2));
    byte[] erased = Files.readAllBytes(file("images/sensor-00000003.bin"));
    erased[65] = (byte) 0xff;
    Files.write(file("images/sensor-00000003.bin"), erased);
    Files.delete(file("images/sensor-00000004.bin"));
    plant("stranger", "stranger", TestStore.TOKEN);
    plant("copy", "sensor-00000005", TestStore.TOKEN);
    Files.write(file("images/noise.bin"), new byte[7]);
    byte[] unset = new byte[66];
    Arrays.fill(unset, (byte) 0xff);
    Files.write(file("images/unset.bin"), unset);

    Files.writeString(file("images/.DS_Store"), "left by a file manager");

    Cli run = verify("images", "--format", "json");

    assertThat(run.code()).isEqualTo(ExitCode.FINDINGS);
    assertThat(run.out())
        .containsPattern(
            "\"noise.bin\",\"outcome\":\"unreadable\",\"problem\":\"[^\"]*the file has 7\"");
    assertThat(
            run.out().lines().map(line -> line.replaceAll(".*\"outcome\":\"([a-z-]+)\".*", "$1")))
        .containsExactlyInAnyOrder(
            "differs",
            "would-not-start",
            "built-in-key",
            "missing-here",
            "missing-there",
            "same-endpoint",
            "unreadable",
            "no-endpoint",
            run.out()
                    .contains(
                        "\"sensor-00000005\",\"checkValue\":\""
                            + checkValue()
                            + "\",\"file\":\"copy.bin\",\"outcome\":\"differs\"")
                ? "differs"
                : "match",
            "match");
    assertThat(run.out()).doesNotContain(TestStore.TOKEN);
  }

  @Test
  void verify_manifestWithoutOneOfItsRows_reportsEveryDeviceAndNamesTheManifest()
      throws IOException {
    assertThat(Cli.run(generate("images", "raw", 3)).code()).isZero();
    keepLines(line -> !line.startsWith("sensor-00000002"));

    Cli run = verify("images");

    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.out().lines())
        .satisfiesExactlyInAnyOrder(
            row -> assertThat(row).matches("sensor-00000001 .* match  sensor-00000001.bin"),
            row -> assertThat(row).matches("sensor-00000002 .* missing there  .*2.bin"),
            row -> assertThat(row).matches("sensor-00000003 .* match  sensor-00000003.bin"));
    assertThat(run.err())
        .contains("lot-7.csv: ", "the lot has 3 rows, but 2 can be read")
        .doesNotContain("COUNT_DIFFERS");
  }

  @Test
  void verify_manifestWithABadRow_comparesTheOthers() throws IOException {
    assertThat(Cli.run(generate("images", "raw", 3)).code()).isZero();
    List<String> lines = Files.readAllLines(file("lot-7.csv"));
    lines.set(1, lines.get(1) + ",one field too many");
    Files.write(file("lot-7.csv"), lines);

    Cli run = verify("images");

    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.out().lines().filter(row -> row.contains("  match  "))).hasSize(2);
    assertThat(run.err()).contains("lot-7.csv: line 2 of the manifest: ");
  }

  @Test
  void verify_manifestThatIsNotThere_isNamed() {
    assertThat(Cli.run(generate("images", "raw", 1)).code()).isZero();

    Cli run = Cli.run("verify", "--images", "" + file("images"), "--manifest", "" + file("no.csv"));

    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err()).contains("no.csv: no such file");
  }

  private void keepLines(Predicate<String> kept) throws IOException {
    List<String> lines = Files.readAllLines(file("lot-7.csv"));
    Files.write(file("lot-7.csv"), lines.stream().filter(kept).toList());
  }

  private static String checkValue() {
    return checkValue(TestStore.TOKEN);
  }

  private static String checkValue(String token) {
    return PreSharedKey.ofHex(token.getBytes(StandardCharsets.US_ASCII)).checkValue().toString();
  }

  private void plant(String name, String endpoint, String token) throws IOException {
    Files.write(
        file("images/" + name + ".bin"),
        CredentialPartition.encodeUnchecked(
            endpoint.getBytes(StandardCharsets.US_ASCII),
            token.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void verify_readBackAgainstStore_comparesTheKey() throws IOException {
    TestStore store = TestStore.init(folder);
    store.add("sensor-1", TestStore.TOKEN);
    store.add("sensor-2", TestStore.TOKEN.replace('3', '4'));
    byte[] flash = new byte[0x80000];
    byte[] partition =
        CredentialPartition.encodeUnchecked(
            "sensor-1".getBytes(StandardCharsets.US_ASCII),
            TestStore.TOKEN.getBytes(StandardCharsets.US_ASCII));
    System.arraycopy(partition, 0, flash, 0x7f000, partition.length);
    String dump = Files.write(file("dump.bin"), flash).toString();
    String address = "sqlite:" + store.file();

    Cli one =
        Cli.run(
            "verify",
            "--images",
            dump,
            "--board",
            "nrf52_blenano2",
            "--store",
            address,
            "--partial");
    Cli all = Cli.run("verify", "--images", dump, "--board", "nrf52_blenano2", "--store", address);

    assertThat(one.code()).as(one::err).isZero();
    assertThat(one.out()).contains("sensor-1").contains("match").doesNotContain("missing");
    assertThat(all.code()).isEqualTo(ExitCode.FINDINGS);
    assertThat(all.out()).contains("1 missing here");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void verify_againstServer_comparesTheKeys(boolean newer) {
    assertThat(Cli.run(generate("images", "raw", 3)).code()).isZero();
    TestStore store = TestStore.init(folder);
    String[] partitions;
    try (FakeLeshanApi server = newer ? FakeLeshanApi.newer() : FakeLeshanApi.older()) {
      String url = server.uri().toString();
      partitions = partitions("images");
      provision(url, partitions[0], partitions[1]);
      String another = store.partition("sensor-00000002", TestStore.TOKEN);
      provision(url, another, "--replace");
      provision(url, store.partition("elsewhere", TestStore.TOKEN));

      Cli run = Cli.run("verify", "--images", file("images").toString(), "--server", url);

      assertThat(run.code()).as(run::err).isEqualTo(ExitCode.FINDINGS);
      assertThat(run.out())
          .containsPattern("sensor-00000001 .* match")
          .containsPattern("sensor-00000002 .* differs")
          .containsPattern("sensor-00000003 .* missing there")
          .containsPattern("elsewhere .* missing here")
          .doesNotContain(TestStore.TOKEN);

      provision(url, partitions[0], partitions[1], partitions[2], "--replace");
      Cli all =
          Cli.run("verify", "--images", file("images").toString(), "--server", url, "--partial");
      assertThat(all.code()).as(all::out).isZero();
    }
  }

  private String[] partitions(String images) {
    try (Stream<Path> all = Files.list(file(images))) {
      return all.map(Path::toString).sorted().toArray(String[]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void provision(String url, String... rest) {
    List<String> all = new ArrayList<>(List.of("provision", "--server", url));
    all.addAll(List.of(rest));
    Cli run = Cli.run(all.toArray(String[]::new));
    assertThat(run.code()).as(run::err).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--manifest m --server http://127.0.0.1:1",
        "--manifest m --store sqlite:s",
        "--server http://127.0.0.1:1 --store sqlite:s",
        "--manifest m --server http://127.0.0.1:1 --store sqlite:s"
      })
  void verify_withSeveralToCompareWith_isRefused(String options) {
    List<String> all = new ArrayList<>(List.of("verify", "--images", "x"));
    all.addAll(List.of(options.split(" ")));

    Cli run = Cli.run(all.toArray(String[]::new));

    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains("one thing at a time");
    all.stream()
        .skip(3)
        .filter(word -> word.startsWith("--"))
        .forEach(option -> assertThat(run.err()).contains(option));
  }

  @Test
  void verify_withNothingToCompareWith_namesTheThree() {
    assertThat(Cli.run("verify", "--images", "x").errLines())
        .containsExactly(
            "verify: missing: --manifest FILE, --server URL or --store STORE (try --help)");
  }

  @Test
  void generate_againstStore_refusesWhatItHas() {
    TestStore store = TestStore.init(folder);
    store.add("sensor-00000002", TestStore.TOKEN);

    Cli run = Cli.run(generate("images", "raw", 3, "--store", "sqlite:" + store.file()));

    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err()).contains("'sensor-00000002' exists already").contains("nothing was made");
    assertThat(file("images")).doesNotExist();
  }

  @Test
  void generate_againstEarlierManifest_refusesItsEndpoints() throws IOException {
    assertThat(Cli.run(generate("images", "raw", 3)).code()).isZero();
    Path earlier = file("earlier.csv");
    Files.move(file("lot-7.csv"), earlier, StandardCopyOption.ATOMIC_MOVE);

    Cli run = Cli.run(generate("more", "raw", 3, "--against", earlier.toString()));

    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err()).contains("3 problems");
  }

  @Test
  void generate_againstAManifestThatIsNotWhole_namesThatManifest() throws IOException {
    assertThat(Cli.run(generate("images", "raw", 2)).code()).isZero();
    keepLines(line -> !line.startsWith("sensor-00000002"));

    String[] more = generate("more", "raw", 1, "--against", file("lot-7.csv").toString());
    more[Arrays.asList(more).indexOf("--manifest") + 1] = file("lot-8.csv").toString();
    Cli run = Cli.run(more);

    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err())
        .contains("lot-7.csv: the manifest is not a whole lot: the lot has 2 rows");
    assertThat(file("lot-8.csv")).doesNotExist();
  }

  @Test
  void generate_hexWithBoard_showsHowToFlash() {
    Cli run = Cli.run(generate("images", "page", 1, "--lot", "2026/7"));

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out())
        .contains("lot 2026/7")
        .contains("pyocd load --target nrf52 --erase sector --base-address 0x7f000 IMAGE.bin")
        .contains("program IMAGE.bin 0x7f000 verify reset exit");
  }

  @Test
  void generate_withoutStart_isRefused() {
    Cli run =
        Cli.run(
            "generate",
            "--count",
            "1",
            "--endpoint-template",
            "s-%d",
            "--out",
            "x",
            "--manifest",
            "y");

    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err()).contains("--start");
  }

  @Test
  void progress_line_hasRateAndTimeLeft() {
    assertThat(Progress.line("devices", 25_000, 100_000, 5_000_000_000L))
        .isEqualTo("25000 of 100000 devices, 5000 a second, 0:15 left");
    assertThat(Progress.line("devices", 25_000, 0, 5_000_000_000L))
        .isEqualTo("25000 devices, 5000 a second");
    assertThat(Progress.line("keys", 30, 20, 5_000_000_000L))
        .isEqualTo("30 of 30 keys, 6 a second, 0:00 left");
  }
}
