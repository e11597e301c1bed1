// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a module lets its users see: the public types of its exported packages, and their members.
 */
public final class PublicApi {
  private final Path classes;
  private final ClassLoader loader;

  private PublicApi(Path classes, ClassLoader loader) {
    this.classes = classes;
    this.loader = loader;
  }

  /** Returns the lines that describe the API of a module, by one of its classes. */
  public static List<String> of(Class<?> any) throws Exception {
    Path classes = Path.of(any.getProtectionDomain().getCodeSource().getLocation().toURI());
    return new PublicApi(classes, any.getClassLoader()).lines();
  }

  private List<String> lines() throws IOException, ClassNotFoundException {
    ModuleDescriptor module;
    try (InputStream descriptor = Files.newInputStream(classes.resolve("module-info.class"))) {
      module = ModuleDescriptor.read(descriptor);
    }
    TreeMap<String, Class<?>> types = new TreeMap<>();
    for (Exports exported : module.exports()) {
      if (!exported.isQualified()) {
        for (Class<?> type : typesOf(exported.source())) {
          types.put(type.getName(), type);
        }
      }
    }
    List<String> lines = new ArrayList<>();
    for (Class<?> type : types.values()) {
      lines.add(declaration(type));
      members(type).forEach(member -> lines.add("  " + member));
    }
    return lines;
  }

  private List<Class<?>> typesOf(String packageName) throws IOException, ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    Path folder = classes.resolve(packageName.replace('.', File.separatorChar));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.equals("package-info.class")) {
          String simpleName = name.substring(0, name.length() - ".class".length());
          Class<?> type = Class.forName(packageName + "." + simpleName, false, loader);
          if (isVisible(type)) {
            types.add(type);
          }
        }
      }
    }
    return types;
  }

  private static boolean isVisible(Class<?> type) {
    boolean named = !type.isAnonymousClass() && !type.isLocalClass() && !type.isSynthetic();
    return named
        && isVisible(type.getModifiers())
        && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String declaration(Class<?> type) {
    Stream<Type> parents =
        Stream.concat(
            Stream.of(Optional.ofNullable(type.getGenericSuperclass()))
                .flatMap(Optional::stream)
                .filter(parent -> parent != Object.class),
            Arrays.stream(type.getGenericInterfaces()));
    return deprecation(type)
        // Java 17 leaves out whether a class is sealed, later ones tell.
        + type.toGenericString().replace("non-sealed ", "").replace("sealed ", "")
        + list(" : ", parents)
        + list(
            " permits ", type.isSealed() ? Stream.of(type.getPermittedSubclasses()) : Stream.of());
  }

  private static String list(String before, Stream<? extends Type> types) {
    String list = types.map(Type::getTypeName).collect(Collectors.joining(", "));
    return list.isEmpty() ? "" : before + list;
  }

  /** Members of a superclass that nobody sees are the type's own to its users. */
  private static TreeSet<String> members(Class<?> type) {
    TreeSet<String> members = new TreeSet<>();
    Class<?> declaring = type;
    do {
      Stream.of(
              declaring.getDeclaredFields(),
              declaring == type ? declaring.getDeclaredConstructors() : new Constructor<?>[0],
              declaring.getDeclaredMethods())
          .flatMap(Arrays::stream)
          .filter(member -> isMember(type, (Member) member))
          .map(PublicApi::member)
          .forEach(members::add);
      declaring = declaring.getSuperclass();
    } while (declaring != null && !isVisible(declaring));
    return members;
  }

  private static boolean isMember(Class<?> type, Member member) {
    return !member.isSynthetic()
        && (Modifier.isPublic(member.getModifiers())
            || Modifier.isProtected(member.getModifiers())
                && !Modifier.isFinal(type.getModifiers()));
  }

  private static String member(AnnotatedElement member) {
    String text =
        member instanceof Field field
            ? field.toGenericString()
            : ((Executable) member).toGenericString();
    String owner = ((Member) member).getDeclaringClass().getTypeName() + ".";
    boolean owned = member instanceof Field || member instanceof Method;
    return deprecation(member)
        + (owned ? text.replace(" " + owner, " ") : text)
            .replace("synchronized ", "")
            .replace("java.lang.", "");
  }

  private static String deprecation(AnnotatedElement element) {
    return Objects.isNull(element.getAnnotation(Deprecated.class)) ? "" : "@Deprecated ";
  }
}
