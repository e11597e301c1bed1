// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.label.LabelSheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The sheet that labels are printed on. */
@Command // picocli mixes in nothing without an annotation of its own
final class LabelSheetOption {
  private enum Sheet {
    A4,
    LETTER
  }

  @Option(
      names = "--label-sheet",
      paramLabel = "a4|letter",
      defaultValue = "a4",
      description =
          "Sheet of labels in .pdf and .svg: A4 with 24 of 63.5 x 33.9 mm (as Avery L7159), or US"
              + " Letter with 30 of 2 5/8 x 1 inch (as Avery 5160). Default: ${DEFAULT-VALUE}.")
  private Sheet sheet;

  LabelSheet sheet() {
    return sheet == Sheet.LETTER ? LabelSheet.LETTER : LabelSheet.A4;
  }
}
