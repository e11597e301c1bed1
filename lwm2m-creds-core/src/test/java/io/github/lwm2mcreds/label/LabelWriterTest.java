// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.Peers;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.manifest.ManifestProblem;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestSummary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelWriterTest {
  private static final String KEY = "3f9a1c77e05b42d8a6c4119e8d02b75f";
  private static final KeyCheckValue CHECK_VALUE = credential("any").psk().checkValue();

  /** Endpoints that a label must show: long ones, other scripts, and the syntax of all formats. */
  private static final List<String> ENDPOINTS =
      List.of(
          "sensor-00000001",
          "urn:dev:mac:0024befffe804ff1abcd",
          "a-name-of-exactly-thirty-two-cha",
          "x".repeat(252),
          "\u4e2d".repeat(84),
          "\u00ad".repeat(126),
          "J\u00fclich <&> \"B\" (C) \\ ]]>",
          " two  blanks at the end  ",
          "\ud83d\ude00\u05d0\u202e=1+1,;'");

  @TempDir private Path folder;

  private static DeviceCredential credential(String endpoint) {
    return DeviceCredential.of(endpoint, PreSharedKey.copyOf(HexFormat.of().parseHex(KEY)));
  }

  private Path write(String name, LabelSheet sheet, List<String> endpoints) throws IOException {
    Path file = folder.resolve(name);
    try (LabelWriter writer = LabelWriter.open(file, sheet)) {
      for (String endpoint : endpoints) {
        writer.write(new Label(endpoint, CHECK_VALUE, Optional.of("2026/7")));
      }
      writer.finish();
    }
    return file;
  }

  private static List<String> codes(List<String> endpoints) {
    return endpoints.stream().map(endpoint -> endpoint + " " + CHECK_VALUE).toList();
  }

  @Test
  void csv_hasEndpointsAsTheyAre() throws IOException {
    Path file = write("labels.csv", LabelSheet.A4, List.of("plain", "#a", "b, \"c\"", " d"));

    assertThat(Files.readString(file))
        .isEqualTo(
            Stream.of("plain", "\"#a\"", "\"b, \"\"c\"\"\"", "\" d\"")
                .map(endpoint -> endpoint + "," + CHECK_VALUE + ",2026/7\r\n")
                .collect(Collectors.joining("", "endpoint,checkValue,lot\r\n", "")));
    assertThat(names()).containsExactly("labels.csv");
  }

  @Test
  void svg_rasterised_isReadByZbar() throws Exception {
    Peers.require("rsvg-convert");
    Peers.require("zbarimg");
    Path svg = write("labels.SVG", LabelSheet.A4, ENDPOINTS);

    Path png = folder.resolve("page.png");
    Peers.run("rsvg-convert", "-d", "300", "-p", "300", "-o", png.toString(), svg.toString());

    assertThat(scan(png)).containsExactlyInAnyOrderElementsOf(codes(ENDPOINTS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"A4", "LETTER"})
  void pdf_rasterised_isReadByZbar(String name) throws Exception {
    Peers.require("pdftoppm");
    Peers.require("zbarimg");
    LabelSheet sheet = name.equals("A4") ? LabelSheet.A4 : LabelSheet.LETTER;
    List<String> endpoints = new ArrayList<>(ENDPOINTS);
    IntStream.rangeClosed(endpoints.size(), sheet.labelsOnPage())
        .forEach(i -> endpoints.add("s" + i));
    Path pdf = write("labels.pdf", sheet, endpoints);

    List<Integer> places =
        new ArrayList<>(IntStream.range(0, ENDPOINTS.size() + 1).boxed().toList());
    places.add(sheet.labelsOnPage() - 1);
    places.add(sheet.labelsOnPage());
    for (int place : places) {
      assertThat(scan(label(pdf, sheet, place))).containsExactly(codes(endpoints).get(place));
    }
  }

  /** Cuts a label out of its page; zbarimg does not find all of many codes in one picture. */
  private Path label(Path pdf, LabelSheet sheet, int place) throws Exception {
    String page = "" + (place / sheet.labelsOnPage() + 1);
    int index = place % sheet.labelsOnPage();
    String png = folder.resolve("label").toString();
    String[] command =
        (("pdftoppm -r 300 -gray -png -singlefile -f " + page + " -l " + page)
                + (" -x " + dots(sheet.left(index)) + " -y " + dots(sheet.top(index)))
                + (" -W " + dots(sheet.labelWidth()) + " -H " + dots(sheet.labelHeight()))
                + (" " + pdf + " " + png))
            .split(" ");
    Peers.run(command);
    return folder.resolve("label.png");
  }

  private static int dots(double millimetres) {
    return (int) Math.round(millimetres * 300 / 25.4);
  }

  private List<String> scan(Path image) throws IOException, InterruptedException {
    Path out = folder.resolve("codes");
    Process zbar =
        new ProcessBuilder("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqr.enable", image + "")
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(zbar.waitFor()).isZero();
    return Files.readAllLines(out);
  }

  @Test
  void pdf_ofManyPages_hasAllText() throws Exception {
    Peers.require("pdftotext");
    int labels = 24 * 256 + 1;
    List<String> endpoints =
        IntStream.range(0, labels).mapToObj(i -> String.format("s-%05d", i)).toList();
    Path pdf = write("labels.pdf", LabelSheet.A4, endpoints);

    Path text = folder.resolve("text");
    Peers.run("pdftotext", "-raw", pdf.toString(), text.toString());

    List<String> words = List.of(Files.readString(text).split("\\s+"));
    assertThat(words.stream().filter(word -> word.startsWith("s-")))
        .containsExactlyElementsOf(endpoints);
    assertThat(words.stream().filter(CHECK_VALUE.toString()::equals)).hasSize(labels);
    assertThat(Files.readString(text).chars().filter(c -> c == '\f')).hasSize(257);
  }

  @Test
  void pdf_textOfAllKinds_isShownEscaped() throws Exception {
    Peers.require("pdftotext");
    Path pdf = write("labels.pdf", LabelSheet.A4, ENDPOINTS);

    Path text = folder.resolve("text");
    Peers.run("pdftotext", "-raw", pdf.toString(), text.toString());

    String joined = Files.readString(text).replaceAll("\\s+", "");
    for (String endpoint : ENDPOINTS) {
      assertThat(joined).contains(LabelText.shown(endpoint).replaceAll("\\s+", "") + CHECK_VALUE);
    }
  }

  @Test
  void svg_ofMoreThanAPage_isRefusedAndLeavesNothing() throws IOException {
    List<String> endpoints = IntStream.range(0, 25).mapToObj(i -> "s-" + i).toList();

    assertThatExceptionOfType(LabelException.class)
        .isThrownBy(() -> write("labels.svg", LabelSheet.A4, endpoints))
        .withMessageContaining("24 labels: take .pdf")
        .matches(e -> e.reason() == LabelException.Reason.TOO_MANY);
    assertThat(names()).isEmpty();
  }

  @Test
  void open_ofFileThatExistsOrOfUnknownFormat_isRefused() throws IOException {
    Files.writeString(folder.resolve("labels.pdf"), "mine");

    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> write("labels.pdf", LabelSheet.A4, ENDPOINTS));
    assertThat(Files.readString(folder.resolve("labels.pdf"))).isEqualTo("mine");
    assertThatExceptionOfType(LabelException.class)
        .isThrownBy(() -> write("labels.png", LabelSheet.A4, ENDPOINTS))
        .matches(e -> e.reason() == LabelException.Reason.UNKNOWN_FORMAT);
    assertThat(names()).containsExactly("labels.pdf");
  }

  @Test
  void close_beforeFinish_leavesNothing() throws IOException {
    try (LabelWriter writer = LabelWriter.open(folder.resolve("labels.pdf"), LabelSheet.A4)) {
      writer.write(Label.of(credential("a"), Optional.empty()));
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void writeAll_ofManifest_writesItsGoodRowsAndReportsTheOthers() throws IOException {
    String manifest = "endpoint,psk,manifestLot\na," + KEY + ",L1\nb,zz,L1\nc," + KEY + ",L1\n";
    List<ManifestProblem> problems = new ArrayList<>();
    List<Long> done = new ArrayList<>();
    Path file = folder.resolve("labels.csv");
    try (ManifestReader reader =
            ManifestReader.of(
                new ByteArrayInputStream(manifest.getBytes(UTF_8)), KeyPolicy.strict());
        LabelWriter writer = LabelWriter.open(file, LabelSheet.A4)) {
      ManifestSummary summary = writer.writeAll(reader, problems::add, done::add);
      assertThat(summary.rows()).isEqualTo(2);
      writer.finish();
    }

    assertThat(problems).extracting(ManifestProblem::line).containsExactly(3L);
    assertThat(done).containsExactly(1L, 2L);
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "endpoint,checkValue,lot", "a," + CHECK_VALUE + ",L1", "c," + CHECK_VALUE + ",L1");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).toList();
    }
  }
}
