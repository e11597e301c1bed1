// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A stream over a table, read a page at a time in the order of a key: it holds neither a connection
 * nor a transaction, however long its reader takes.
 */
final class Pages<K, T> implements Iterator<T> {
  static final int SIZE = 1000;

  private final Function<K, List<T>> pageAfter;
  private final Function<T, K> keyOf;
  private K last;
  private Iterator<T> page = List.<T>of().iterator();
  private boolean ended;

  private Pages(K start, Function<K, List<T>> pageAfter, Function<T, K> keyOf) {
    this.last = start;
    this.pageAfter = pageAfter;
    this.keyOf = keyOf;
  }

  /**
   * Makes a stream.
   *
   * @param start a key before the first
   * @param pageAfter gives up to {@link #SIZE} rows behind a key
   * @param keyOf gives a row's key
   */
  static <K, T> Stream<T> stream(K start, Function<K, List<T>> pageAfter, Function<T, K> keyOf) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            new Pages<>(start, pageAfter, keyOf), Spliterator.NONNULL | Spliterator.ORDERED),
        false);
  }

  @Override
  public boolean hasNext() {
    if (!page.hasNext() && !ended) {
      List<T> rows = pageAfter.apply(last);
      ended = rows.size() < SIZE;
      page = rows.iterator();
    }
    return page.hasNext();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    T row = page.next();
    last = keyOf.apply(row);
    return row;
  }
}
