// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The nodes of a devicetree, and those that an overlay refers to without having them. */
final class DtsTree {
  private final DtsNode root = new DtsNode("/", null);
  private final Map<String, DtsNode> labelled = new LinkedHashMap<>();
  private final Map<String, DtsNode> references = new LinkedHashMap<>();

  DtsNode root() {
    return root;
  }

  void label(DtsNode node, String label, DtsPlace place) throws FlashImageException {
    if (references.containsKey(label)) {
      throw place.malformed(
          "the label "
              + label
              + " comes after what refers to it; give the board's devicetree"
              + " before its overlay");
    }
    node.labels().add(label);
    labelled.put(label, node);
  }

  /** Returns the node with a label, or one that stands for it. */
  DtsNode refer(String label) {
    DtsNode node = labelled.get(label);
    return node != null
        ? node
        : references.computeIfAbsent(
            label,
            l -> {
              DtsNode reference = new DtsNode("&" + l, null);
              reference.labels().add(l);
              return reference;
            });
  }

  /** Returns the node at a path, which is made if it is not there. */
  DtsNode at(String path) {
    DtsNode node = root;
    for (String name : path.split("/")) {
      if (!name.isEmpty()) {
        DtsNode parent = node;
        node = parent.child(name, true).orElseGet(() -> parent.child(name));
      }
    }
    return node;
  }

  /** Deletes the node with a label, if there is one. */
  void deleteLabelled(String label) {
    references.remove(label);
    Optional.ofNullable(labelled.get(label)).ifPresent(this::delete);
  }

  void delete(DtsNode node) {
    if (node.parent() != null) {
      node.parent().delete(node.name());
    }
    node.all().forEach(gone -> gone.labels().forEach(label -> labelled.remove(label, gone)));
  }

  Stream<DtsNode> nodes() {
    return Stream.concat(root.all(), references.values().stream().flatMap(DtsNode::all));
  }
}
