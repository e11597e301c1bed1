// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PreSharedKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What holds for labels of all endpoints there can be. */
class LabelPropertiesTest {
  private static final int SCALE = 4;
  private static final KeyCheckValue CHECK_VALUE =
      PreSharedKey.copyOf("0123456789abcdeX".getBytes(UTF_8)).checkValue();

  @Provide
  Arbitrary<String> endpoints() {
    Arbitrary<Integer> any =
        Arbitraries.oneOf(
            Arbitraries.integers().between(' ', '~'),
            Arbitraries.of("\\()<>&'\" %".chars().boxed().toList()),
            Arbitraries.integers().between(0xa0, 0x17f),
            Arbitraries.integers().between(0x80, 0x10ffff));
    return any.filter(c -> !Character.isISOControl(c) && !(c >= 0xd800 && c <= 0xdfff))
        .list()
        .ofMinSize(1)
        .ofMaxSize(252)
        .map(
            all -> {
              StringBuilder text = new StringBuilder();
              for (int c : all) {
                if ((text.toString() + Character.toString(c)).getBytes(UTF_8).length <= 252) {
                  text.appendCodePoint(c);
                }
              }
              return text.toString();
            });
  }

  private static Label label(String endpoint) {
    return new Label(endpoint, CHECK_VALUE, Optional.empty());
  }

  @Property(tries = 200)
  void code_readBackByZxing_isEndpointAndCheckValue(@ForAll("endpoints") String endpoint)
      throws Exception {
    QrCode code = QrCode.of(label(endpoint).codeText());

    assertThat(read(code)).isEqualTo(endpoint + " " + CHECK_VALUE);
  }

  private static String read(QrCode code) throws Exception {
    int side = (code.size() + 2 * QrCode.QUIET) * SCALE;
    int[] pixels = new int[side * side];
    Arrays.fill(pixels, 0xffffff);
    code.forEachRun(
        (column, row, length) -> {
          for (int y = 0; y < SCALE; y++) {
            int from = ((row + QrCode.QUIET) * SCALE + y) * side + (column + QrCode.QUIET) * SCALE;
            Arrays.fill(pixels, from, from + length * SCALE, 0);
          }
        });
    return new QRCodeReader()
        .decode(
            new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(side, side, pixels))),
            Map.of(DecodeHintType.PURE_BARCODE, true))
        .getText();
  }

  @Property(tries = 300)
  void text_ofAnyEndpoint_fitsWhole(@ForAll("endpoints") String endpoint) {
    String shown = LabelText.shown(endpoint);
    double width = 90;
    double height = 70;

    LabelText text = LabelText.fit(shown, width, height);

    assertThat(String.join("", text.lines())).isEqualTo(shown);
    assertThat(shown.chars()).allMatch(c -> c >= ' ' && c < 0x7f || c > 0xa0 && c <= 0xff);
    assertThat(text.lines())
        .allMatch(line -> line.length() * text.size() * LabelText.CHARACTER_WIDTH <= width);
    assertThat(text.lines().size() * text.size() * LabelText.LINE_HEIGHT)
        .isLessThanOrEqualTo(height);
    assertThat(text.size()).isGreaterThanOrEqualTo(2.5);
  }

  @Property(tries = 100)
  void svg_ofAnyEndpoint_isXmlWithItsText(@ForAll("endpoints") String endpoint) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LabelOutput labels =
        new SheetLabels(LabelSheet.A4, new SvgCanvas(out, LabelSheet.A4), () -> {})) {
      labels.write(label(endpoint));
      labels.finish();
    }

    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(out.toByteArray()));

    NodeList texts = svg.getElementsByTagName("text");
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < texts.getLength(); i++) {
      shown.append(texts.item(i).getTextContent());
    }
    assertThat(shown.toString()).isEqualTo(LabelText.shown(endpoint) + CHECK_VALUE);
  }

  @Property(tries = 50)
  void pdf_ofAnyEndpoint_hasItsObjectsWhereItSays(@ForAll("endpoints") String endpoint)
      throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PdfFile file = new PdfFile(out, 595, 842);
    try (LabelOutput labels = new SheetLabels(LabelSheet.A4, new PdfCanvas(file, 842), file)) {
      for (int i = 0; i < 49; i++) {
        labels.write(label(endpoint));
      }
      labels.finish();
    }

    String pdf = out.toString(ISO_8859_1);
    Matcher end = Pattern.compile("startxref\n([0-9]+)\n%%EOF\n$").matcher(pdf);
    assertThat(end.find()).isTrue();
    String[] table = pdf.substring(Integer.parseInt(end.group(1))).split("\n");
    assertThat(table[0]).isEqualTo("xref");
    int size = Integer.parseInt(table[1].substring(2));
    assertThat(size).isEqualTo(5 + 1 + 3 * 2);
    for (int i = 1; i < size; i++) {
      int at = Integer.parseInt(table[2 + i].substring(0, 10));
      assertThat(pdf.substring(at)).startsWith(i + " 0 obj\n");
    }
  }
}
