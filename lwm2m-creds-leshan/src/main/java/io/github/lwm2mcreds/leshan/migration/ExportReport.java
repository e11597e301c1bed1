// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import java.util.List;

/**
 * What an export wrote.
 *
 * @param written how many credentials are in the file
 * @param left those that are not, each with the reason; unmodifiable
 */
public record ExportReport(long written, List<NotTaken> left) {
  /**
   * Keeps a copy of the list.
   *
   * @param written how many credentials are in the file
   * @param left those that are not
   */
  public ExportReport {
    left = List.copyOf(left);
  }
}
