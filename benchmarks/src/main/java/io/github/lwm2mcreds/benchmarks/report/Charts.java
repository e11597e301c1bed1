// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;

/** Draws charts as SVG with a background, so that they look the same on light and dark pages. */
final class Charts {
  private static final Pattern LONG_NUMBER = Pattern.compile("-?\\d+\\.\\d{2,}(E-\\d+)?");
  private static final double LEAST = 0.1;
  private static final int WIDTH = 760;
  private static final int HEIGHT = 380;
  private static final Color GROUND = new Color(0xfafafa);
  private static final Color TEXT = new Color(0x24292f);
  private static final Color[] COLORS = {
    new Color(0x0969da),
    new Color(0xbf3989),
    new Color(0x1a7f37),
    new Color(0x9a6700),
    new Color(0x57606a)
  };

  private Charts() {}

  /** Draws a bar for each figure, with its value. */
  static void bars(Path svg, String title, String unit, Map<String, Double> figures)
      throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .yAxisTitle(unit)
            .build();
    style(chart.getStyler());
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setLabelsVisible(true);
    chart.getStyler().setDecimalPattern("0.#");
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setXAxisLabelRotation(figures.size() > 5 ? 20 : 0);
    chart.addSeries(title, new ArrayList<>(figures.keySet()), new ArrayList<>(figures.values()));
    save(chart, svg);
  }

  /** Draws a line for each series over sizes of the fleet; both axes are logarithmic. */
  static void lines(Path svg, String title, String unit, Map<String, Map<Integer, Double>> series)
      throws IOException {
    if (series.isEmpty()) {
      return;
    }
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("devices")
            .yAxisTitle(unit)
            .build();
    style(chart.getStyler());
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(true);
    series.forEach(
        (name, points) -> {
          List<Integer> sizes = // zero has no logarithm
              points.keySet().stream().filter(size -> points.get(size) >= LEAST).toList();
          if (!sizes.isEmpty()) {
            chart.addSeries(name, sizes, sizes.stream().map(points::get).toList());
          }
        });
    save(chart, svg);
  }

  private static void style(AxesChartStyler styler) {
    styler.setChartBackgroundColor(GROUND);
    styler.setPlotBackgroundColor(GROUND);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridVerticalLinesVisible(false);
    styler.setPlotGridLinesStroke(new BasicStroke(0.5f)); // dashes would be a path each
    styler.setLegendBackgroundColor(GROUND);
    styler.setLegendBorderColor(GROUND);
    styler.setChartFontColor(TEXT);
    styler.setAxisTickLabelsColor(TEXT);
    styler.setSeriesColors(COLORS);
    styler.setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
  }

  /** Saves a chart with numbers rounded to a tenth of a pixel, which more than halves the file. */
  private static void save(Chart<?, ?> chart, Path svg) throws IOException {
    VectorGraphicsEncoder.saveVectorGraphic(chart, svg.toString(), VectorGraphicsFormat.SVG);
    String drawn = Files.readString(svg);
    String rounded =
        LONG_NUMBER
            .matcher(drawn)
            .replaceAll(
                number -> String.format(Locale.ROOT, "%.1f", Double.valueOf(number.group())));
    Files.writeString(svg, rounded.replaceAll(">\\s+<", ">\n<"));
  }
}
