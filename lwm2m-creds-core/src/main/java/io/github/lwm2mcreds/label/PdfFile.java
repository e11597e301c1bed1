// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.label;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.lwm2mcreds.label.LabelException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes a PDF 1.4 file (ISO 32000-1, 7.5) page by page. Where its objects are is kept in a
 * temporary file, so that memory does not grow with the pages.
 *
 * <p>Pages are in groups of {@value #GROUP}. Objects have numbers that follow from the number of
 * the page: after the first four, for each group its node and two for each page.
 */
final class PdfFile implements Closeable {
  /** The names of the fonts, Courier and Courier-Bold, which every reader has. */
  static final String PLAIN = "P";

  static final String BOLD = "B";

  private static final int GROUP = 256;
  private static final int CATALOG = 1;
  private static final int ROOT = 2;
  private static final int FIRST_FONT = 3;
  private static final int FIRST_NODE = 5;
  private static final int NODE_OBJECTS = 1 + 2 * GROUP;
  private static final int ENTRY = 20;
  private static final long MAX_POSITION = 9_999_999_999L; // ten digits

  private final OutputStream out;
  private final String ofAllPages;
  private final FileChannel entries;
  private long position;
  private int pages;

  /**
   * Begins a file.
   *
   * @param width of all pages, in points
   * @param height of all pages, in points
   */
  PdfFile(OutputStream out, double width, double height) throws IOException {
    this.out = out;
    this.ofAllPages =
        String.format(
            Locale.ROOT,
            "/MediaBox[0 0 %.3f %.3f]/Resources<</Font<</%s %d 0 R/%s %d 0 R>>>>",
            width,
            height,
            PLAIN,
            FIRST_FONT,
            BOLD,
            FIRST_FONT + 1);
    this.entries =
        FileChannel.open(
            Files.createTempFile("lwm2m-creds", ".xref"),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    print("%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n"); // not ASCII, so that nobody takes it for text
    object(CATALOG, "<</Type/Catalog/Pages " + ROOT + " 0 R>>");
    object(FIRST_FONT, font("Courier"));
    object(FIRST_FONT + 1, font("Courier-Bold"));
  }

  private static String font(String name) {
    return "<</Type/Font/Subtype/Type1/BaseFont/" + name + "/Encoding/WinAnsiEncoding>>";
  }

  /** Adds a page. */
  void page(byte[] content) throws IOException {
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(deflated)) {
      deflater.write(content);
    }
    int node = node(pages / GROUP);
    int number = node + 1 + 2 * (pages % GROUP);
    begin(number);
    print(number + " 0 obj\n<</Length " + deflated.size() + "/Filter/FlateDecode>>stream\n");
    write(deflated.toByteArray());
    print("\nendstream\nendobj\n");
    object(
        number + 1,
        "<</Type/Page/Parent " + node + " 0 R" + ofAllPages + "/Contents " + number + " 0 R>>");
    pages++;
    if (pages % GROUP == 0) {
      endGroup();
    }
  }

  private static int node(int group) {
    return FIRST_NODE + group * NODE_OBJECTS;
  }

  private void endGroup() throws IOException {
    int group = (pages - 1) / GROUP;
    int count = pages - group * GROUP;
    StringBuilder kids = new StringBuilder();
    for (int i = 0; i < count; i++) {
      kids.append(node(group) + 2 + 2 * i).append(" 0 R ");
    }
    object(
        node(group),
        "<</Type/Pages/Parent " + ROOT + " 0 R/Count " + count + "/Kids[" + kids + "]>>");
  }

  /** Ends the file: the root of the pages, where everything is, and the trailer. */
  void finish() throws IOException {
    if (pages % GROUP != 0) {
      endGroup();
    }
    int groups = (pages + GROUP - 1) / GROUP;
    StringBuilder kids = new StringBuilder();
    for (int i = 0; i < groups; i++) {
      kids.append(node(i)).append(" 0 R ");
    }
    object(ROOT, "<</Type/Pages/Count " + pages + "/Kids[" + kids + "]>>");
    long start = position;
    int size = FIRST_NODE + groups + 2 * pages;
    print("xref\n0 " + size + "\n0000000000 65535 f \n");
    entries.position(ENTRY);
    Channels.newInputStream(entries).transferTo(out);
    print("trailer\n<</Size " + size + "/Root " + CATALOG + " 0 R>>\n");
    print("startxref\n" + start + "\n%%EOF\n");
  }

  private void object(int number, String value) throws IOException {
    begin(number);
    print(number + " 0 obj\n" + value + "\nendobj\n");
  }

  /** Notes where an object begins. */
  private void begin(int number) throws IOException {
    if (position > MAX_POSITION) {
      throw new LabelException(
          Reason.TOO_MANY, "the labels are more than a PDF 1.4 file holds, 10 GB: make two lots");
    }
    String entry = String.format(Locale.ROOT, "%010d 00000 n ", position) + "\n";
    ByteBuffer buffer = ByteBuffer.wrap(entry.getBytes(ISO_8859_1));
    while (buffer.hasRemaining()) {
      entries.write(buffer, (long) number * ENTRY + buffer.position());
    }
  }

  private void print(String text) throws IOException {
    write(text.getBytes(ISO_8859_1));
  }

  private void write(byte[] bytes) throws IOException {
    out.write(bytes);
    position += bytes.length;
  }

  @Override
  public void close() throws IOException {
    entries.close();
  }
}
