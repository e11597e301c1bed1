// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.Printable;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads devicetree source (Devicetree Specification v0.4, chapter 6) into a tree. What comes later
 * changes what is there already, as in the devicetree compiler.
 */
final class DtsParser {
  private static final int MAX_DEPTH = 64;

  private final DtsStream in;
  private final DtsTree tree = new DtsTree();

  DtsParser(DtsPreprocessor tokens) {
    this.in = new DtsStream(tokens);
  }

  DtsTree parse() throws FlashImageException {
    while (!in.atEnd()) {
      statement();
    }
    return tree;
  }

  private void statement() throws FlashImageException {
    List<String> labels = labels();
    if (in.takes('/')) {
      if (in.takes('{')) {
        body(tree.root(), labels);
      } else {
        directive();
      }
      return;
    }
    in.expect('&');
    DtsNode node = in.takes('{') ? nodeAtPath() : tree.refer(in.word());
    in.expect('{');
    body(node, labels);
  }

  private DtsNode nodeAtPath() throws FlashImageException {
    String path = in.path();
    if (path.chars().filter(c -> c == '/').count() > MAX_DEPTH) {
      throw in.place().malformed("nodes are nested too deep");
    }
    return tree.at(path);
  }

  /** Reads a directive outside of all nodes. */
  private void directive() throws FlashImageException {
    String directive = directiveName();
    switch (directive) {
      case "dts-v1", "plugin" -> in.expect(';');
      case "include" -> in.include(in.string());
      case "memreserve" -> in.value(false);
      case "omit-if-no-ref" -> {}
      case "delete-node" -> {
        in.expect('&');
        deleteReference();
      }
      default -> throw unknown(directive);
    }
  }

  /** Reads a directive in a node. */
  private void directive(DtsNode node) throws FlashImageException {
    String directive = directiveName();
    switch (directive) {
      case "delete-property" -> {
        node.deleteProperty(in.name());
        in.expect(';');
      }
      case "include" -> in.include(in.string());
      case "omit-if-no-ref" -> {}
      case "delete-node" -> {
        if (in.takes('&')) {
          deleteReference();
        } else {
          node.child(in.name(), false).ifPresent(tree::delete);
          in.expect(';');
        }
      }
      default -> throw unknown(directive);
    }
  }

  private String directiveName() throws FlashImageException {
    String directive = in.name();
    in.expect('/');
    return directive;
  }

  private FlashImageException unknown(String directive) {
    String name = Printable.escape(DtsNumber.shortened(directive));
    return in.place().malformed("/" + name + "/ is not known here");
  }

  private void deleteReference() throws FlashImageException {
    if (in.takes('{')) {
      tree.delete(nodeAtPath());
    } else {
      tree.deleteLabelled(in.word());
    }
    in.expect(';');
  }

  /** Reads the content of a node after its opening brace. */
  private void body(DtsNode node, List<String> labels) throws FlashImageException {
    if (node.depth() > MAX_DEPTH) {
      throw in.place().malformed("nodes are nested too deep");
    }
    for (String label : labels) {
      tree.label(node, label, in.place());
    }
    while (!in.takes('}')) {
      if (in.takes('/')) {
        directive(node);
      } else {
        member(node);
      }
    }
    in.expect(';');
  }

  /** Reads a property or a node within another. */
  private void member(DtsNode node) throws FlashImageException {
    List<String> labels = labels();
    String name = in.name();
    DtsPlace place = in.place();
    if (in.takes('{')) {
      body(node.child(name), labels);
      return;
    }
    boolean wanted = DtsNode.KEPT.contains(name);
    List<DtsToken> value = List.of();
    if (in.takes('=')) {
      value = in.value(wanted);
    } else {
      in.expect(';');
    }
    if (wanted) {
      node.set(name, new DtsNode.Property(value, place));
    }
  }

  private List<String> labels() throws FlashImageException {
    List<String> labels = new ArrayList<>();
    for (String label = in.label(); !label.isEmpty(); label = in.label()) {
      labels.add(label);
    }
    return labels;
  }
}
