package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the credential partition in devicetree source (Devicetree Specification v0.4, chapter 6):
 * an application's overlay, or the {@code zephyr.dts} that a Zephyr build writes.
 *
 * <p>The partition's node has the node label {@code credentials_partition} or the property {@code
 * label = "lwm2m-credentials"}. If there are several, the last one counts, as it does for the
 * devicetree compiler.
 *
 * <p>The text is read as it is, without a compiler or preprocessor. References to nodes by path,
 * deletions by name and conditionals such as {@code #if} are ignored. The {@code zephyr.dts} of a
 * build has none of these.
 */
public final class Devicetree {
  private static final String NODE_LABEL = "credentials_partition";
  private static final Pattern LABEL_PROPERTY =
      Pattern.compile("label\\s*=\\s*\"lwm2m-credentials\"");
  private static final Pattern REG_PROPERTY = Pattern.compile("reg\\s*=\\s*(.*)", Pattern.DOTALL);
  private static final Pattern DELETED = Pattern.compile("/delete-node/\\s+&?" + NODE_LABEL);
  // Possessive, so that a long string does not overflow the stack; and what is never closed runs to
  // the end of the text, so that its rest is not tried again and again.
  private static final String STRING = "\"(?:\\\\.|[^\"\\\\])*+(?:\"|\\\\?\\z)";
  private static final Pattern COMMENT =
      Pattern.compile("(" + STRING + ")|/\\*.*?(?:\\*/|\\z)|//[^\\n]*", Pattern.DOTALL);
  private static final Pattern PREPROCESSOR_LINE =
      Pattern.compile(
          "(?m)^\\h*#\\h*(?:include|define|undef|if|ifdef|ifndef|elif|else|endif|line|error|\\d).*$");
  private static final Pattern TOKEN = Pattern.compile(STRING + "|[{};]|[^\"{};]+", Pattern.DOTALL);
  private static final Pattern CELL =
      Pattern.compile(
          "\\s*(?:(0[xX][0-9a-fA-F]+|[0-9]+)|DT_SIZE_([KM])\\(\\s*(0[xX][0-9a-fA-F]+|[0-9]+)\\s*\\))");

  /** A node while it is open: its header and what was seen in it. */
  private static final class Node {
    final boolean labelled;
    boolean named;
    String reg;

    Node(String header) {
      this.labelled =
          header.matches("(?s).*(?:\\b" + NODE_LABEL + "\\s*:.*|&" + NODE_LABEL + "\\s*)");
    }
  }

  private Devicetree() {}

  /**
   * Returns the location of the credential partition.
   *
   * @param source the text of an overlay or a {@code .dts}; macros other than {@code DT_SIZE_K} and
   *     {@code DT_SIZE_M} are not expanded
   * @return the address and size from the partition's {@code reg}
   * @throws FlashImageException if there is no such node, or its {@code reg} is not one address and
   *     one size
   */
  public static PartitionLocation findCredentialPartition(String source)
      throws FlashImageException {
    String reg = findReg(PREPROCESSOR_LINE.matcher(withoutComments(source)).replaceAll(""));
    if (reg == null) {
      throw new FlashImageException(
          Reason.NO_PARTITION_NODE,
          "the devicetree has no node "
              + NODE_LABEL
              + " (label \"lwm2m-credentials\") with a reg; is it the application's?");
    }
    return location(reg);
  }

  private static String withoutComments(String source) {
    return COMMENT
        .matcher(source)
        .replaceAll(m -> m.group(1) == null ? " " : Matcher.quoteReplacement(m.group(1)));
  }

  private static String findReg(String source) {
    Deque<Node> open = new ArrayDeque<>();
    String found = null;
    StringBuilder statement = new StringBuilder();
    Matcher tokens = TOKEN.matcher(source);
    while (tokens.find()) {
      switch (tokens.group()) {
        case "{" -> open.push(new Node(statement.toString()));
        case "}" -> {
          Node node = open.isEmpty() ? new Node("") : open.pop();
          if (node.reg != null && (node.labelled || node.named)) {
            found = node.reg;
          }
        }
        case ";" -> {
          String text = statement.toString().strip();
          if (DELETED.matcher(text).matches()) {
            found = null;
          } else if (!open.isEmpty()) {
            property(open.peek(), text);
          }
        }
        default -> {
          statement.append(tokens.group());
          continue;
        }
      }
      statement.setLength(0);
    }
    return found;
  }

  private static void property(Node node, String text) {
    Matcher reg = REG_PROPERTY.matcher(text);
    if (reg.matches()) {
      node.reg = reg.group(1);
    } else if (LABEL_PROPERTY.matcher(text).matches()) {
      node.named = true;
    }
  }

  private static PartitionLocation location(String reg) throws FlashImageException {
    List<Long> cells = new ArrayList<>();
    String rest = reg.replaceAll("[<>,]", " ").strip();
    Matcher cell = CELL.matcher(rest);
    int end = 0;
    try {
      while (cell.find(end) && cell.start() == end) {
        cells.add(value(cell));
        end = cell.end();
      }
      if (end == rest.length() && cells.size() == 2) {
        return new PartitionLocation(cells.get(0), Math.toIntExact(cells.get(1)));
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw badReg(reg, e.getMessage());
    }
    throw badReg(reg, "it must be one address and one size");
  }

  private static long value(Matcher cell) {
    if (cell.group(1) != null) {
      return Long.decode(cell.group(1));
    }
    return Math.multiplyExact(
        Long.decode(cell.group(3)), cell.group(2).equals("K") ? 1L << 10 : 1L << 20);
  }

  private static FlashImageException badReg(String reg, String why) {
    return new FlashImageException(
        Reason.BAD_REG,
        "the credentials partition has reg = " + Printable.escape(reg.strip()) + ": " + why);
  }
}
