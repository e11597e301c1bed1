// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The objects of this package, and the arrays, that are reached from one of them. */
public final class HeapWalk {
  private static final int HEADER = 16; // of an array; an object's is 12
  private static final int REFERENCE = 8; // 4 in a heap below 32 GiB

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<byte[]> byteArrays = new ArrayList<>();
  private long size;

  public static HeapWalk from(Object root) {
    HeapWalk walk = new HeapWalk();
    Deque<Object> ahead = new ArrayDeque<>(List.of(root));
    while (!ahead.isEmpty()) {
      Object next = ahead.pop();
      if (walk.seen.add(next)) {
        walk.visit(next, ahead);
      }
    }
    return walk;
  }

  /** The bytes they take, at most. */
  public long size() {
    return size;
  }

  public boolean contains(byte[] searched) {
    return byteArrays.stream().anyMatch(array -> contains(array, searched));
  }

  private static boolean contains(byte[] array, byte[] searched) {
    for (int i = 0; i + searched.length <= array.length; i++) {
      int n = 0;
      while (n < searched.length && array[i + n] == searched[n]) {
        n++;
      }
      if (n == searched.length) {
        return true;
      }
    }
    return false;
  }

  private void visit(Object object, Deque<Object> ahead) {
    size += HEADER;
    if (object.getClass().isArray()) {
      visitArray(object, ahead);
    } else {
      for (Field field : object.getClass().getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          size += Long.BYTES;
          follow(valueOf(field, object), ahead);
        }
      }
    }
  }

  private void visitArray(Object array, Deque<Object> ahead) {
    int length = Array.getLength(array);
    if (array instanceof byte[] bytes) {
      byteArrays.add(bytes);
      size += length;
    } else if (array instanceof long[]) {
      size += (long) length * Long.BYTES;
    } else if (array instanceof Object[] objects) {
      size += (long) length * REFERENCE;
      for (Object element : objects) {
        follow(element, ahead);
      }
    } else {
      throw new AssertionError("an array this walk does not know: " + array.getClass());
    }
  }

  private static void follow(Object value, Deque<Object> ahead) {
    if (value != null
        && (value.getClass().isArray()
            || value.getClass().getName().startsWith("io.github.lwm2mcreds.store."))) {
      ahead.push(value);
    }
  }

  public static Object valueOf(Field field, Object object) {
    try {
      field.setAccessible(true);
      return field.get(object);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
