// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A node of a devicetree, with those of its properties that tell where it lies. */
final class DtsNode {
  /**
   * The value of a property.
   *
   * @param place where it is
   */
  record Property(List<DtsToken> value, DtsPlace place) {}

  /** The properties that are kept. */
  static final Set<String> KEPT =
      Set.of("reg", "ranges", "#address-cells", "#size-cells", "compatible", "label", "status");

  private final String name;
  private final DtsNode parent;
  private final int depth;
  private final Map<String, DtsNode> children = new LinkedHashMap<>();
  private final Map<String, Property> properties = new LinkedHashMap<>();
  private final Set<String> labels = new LinkedHashSet<>();

  /**
   * Creates a node.
   *
   * @param parent null for the root, and for a node that is only referred to
   */
  DtsNode(String name, DtsNode parent) {
    this.name = name;
    this.parent = parent;
    this.depth = parent == null ? 0 : parent.depth + 1;
  }

  String name() {
    return name;
  }

  /** Returns how many nodes are around it. */
  int depth() {
    return depth;
  }

  /** Returns the name without the unit address. */
  String baseName() {
    int at = name.indexOf('@');
    return at < 0 ? name : name.substring(0, at);
  }

  /** Returns what follows the {@code @} of the name; empty if there is none. */
  String unitAddress() {
    return name.substring(baseName().length()).replace("@", "");
  }

  /** Returns the parent; null if there is none. */
  DtsNode parent() {
    return parent;
  }

  boolean isRoot() {
    return parent == null && name.equals("/");
  }

  /** Whether its place in the tree is not known, only its label. */
  boolean isReference() {
    return parent == null && !isRoot();
  }

  /** Whether its place in the tree is known from the root on. */
  boolean isAnchored() {
    return parent == null ? isRoot() : parent.isAnchored();
  }

  Set<String> labels() {
    return labels;
  }

  DtsNode child(String childName) {
    return children.computeIfAbsent(childName, n -> new DtsNode(n, this));
  }

  /**
   * Returns a child.
   *
   * @param loosely whether its name will do without the unit address if there is only one such
   */
  Optional<DtsNode> child(String childName, boolean loosely) {
    DtsNode exact = children.get(childName);
    if (exact != null || !loosely) {
      return Optional.ofNullable(exact);
    }
    List<DtsNode> named =
        children.values().stream().filter(c -> c.baseName().equals(childName)).toList();
    return named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
  }

  void delete(String childName) {
    children.remove(childName);
  }

  void set(String property, Property value) {
    properties.put(property, value);
  }

  void deleteProperty(String property) {
    properties.remove(property);
  }

  Optional<Property> property(String property) {
    return Optional.ofNullable(properties.get(property));
  }

  boolean has(String property) {
    return properties.containsKey(property);
  }

  /** Returns the strings of a property. */
  List<String> strings(String property) {
    return property(property).stream()
        .flatMap(p -> p.value().stream())
        .filter(token -> token.kind() == DtsToken.Kind.STRING)
        .map(DtsToken::text)
        .toList();
  }

  /** Returns this node and all below it. */
  Stream<DtsNode> all() {
    return Stream.concat(Stream.of(this), children.values().stream().flatMap(DtsNode::all));
  }
}
