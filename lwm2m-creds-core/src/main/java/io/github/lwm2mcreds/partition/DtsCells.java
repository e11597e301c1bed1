// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.partition.FlashImageException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The numbers of a property: {@code <0x7f000 0x1000>}. */
final class DtsCells {
  private static final int MAX_CELLS = 256;
  private static final long MAX_CELL = 0xffffffffL;

  private final DtsNode.Property property;
  private final List<Long> cells = new ArrayList<>();

  private DtsCells(DtsNode.Property property) {
    this.property = property;
  }

  static DtsCells of(DtsNode.Property property) throws FlashImageException {
    DtsCells cells = new DtsCells(property);
    try {
      cells.read(property.value());
    } catch (FlashImageException e) {
      throw e.reason() == Reason.BAD_REG ? e : cells.bad(e.getMessage());
    }
    return cells;
  }

  private void read(List<DtsToken> value) throws FlashImageException {
    boolean inCells = false;
    for (int i = 0; i < value.size(); i++) {
      DtsToken token = value.get(i);
      if (token.is(inCells ? '>' : '<')) {
        inCells = !inCells;
      } else if (inCells && token.is('(')) {
        DtsExpression expression = expression(value);
        add(expression.parenthesised(i));
        i = expression.end() - 1;
      } else if (inCells) {
        add(DtsNumber.value(token));
      } else if (!token.is(',')) {
        throw bad("it must be numbers in angle brackets");
      }
    }
    if (inCells) {
      throw bad("it is not closed");
    }
  }

  private DtsExpression expression(List<DtsToken> value) {
    return new DtsExpression(
        value,
        property.place(),
        name -> {
          throw bad("'" + Printable.escape(DtsNumber.shortened(name.text())) + "' is not defined");
        });
  }

  private void add(long cell) throws FlashImageException {
    if (cell < 0 || cell > MAX_CELL) {
      throw bad("a number is not within 32 bits");
    }
    if (cells.size() == MAX_CELLS) {
      throw bad("it has too many numbers");
    }
    cells.add(cell);
  }

  int size() {
    return cells.size();
  }

  /** Returns the number in some cells, the first of which counts most. */
  long number(int from, int count) throws FlashImageException {
    long number = 0;
    for (int i = from; i < from + count; i++) {
      if (number != 0) {
        throw bad("an address or size is not within 32 bits");
      }
      number = cells.get(i);
    }
    return number;
  }

  FlashImageException bad(String why) {
    String text =
        property.value().stream()
            .limit(30)
            .map(token -> (token.spaced() ? " " : "") + token.text())
            .collect(Collectors.joining());
    return property
        .place()
        .refusal(
            Reason.BAD_REG,
            "the value "
                + Printable.escape(DtsNumber.shortened(text.strip()))
                + " does not give an address and a size: "
                + why);
  }
}
