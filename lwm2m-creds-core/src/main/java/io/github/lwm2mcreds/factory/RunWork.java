// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import io.github.lwm2mcreds.factory.FactoryException.Reason;
import io.github.lwm2mcreds.label.LabelFormat;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Checks the devices of a run, makes them, and goes on with what was stopped. */
final class RunWork {
  private final RunSettings settings;
  private final List<Fleet> against;
  private final Consumer<DeviceProblem> problems;
  private final LongConsumer progress;
  private final RunSteps steps;

  RunWork(
      RunSettings settings,
      List<Fleet> against,
      Consumer<DeviceProblem> problems,
      LongConsumer progress,
      RunSteps steps) {
    this.settings = settings;
    this.against = against;
    this.problems = problems;
    this.progress = progress;
    this.steps = steps;
  }

  FactoryReport run() throws IOException {
    RunState.requireNone(settings.stateFile());
    settings.requireRoom();
    check(against);
    try (RunState state =
        RunState.begin(settings.stateFile(), settings.describe(), settings::requireRoom)) {
      steps.reached("begun");
      return make(state);
    }
  }

  FactoryReport resume() throws IOException {
    check(List.of()); // of the others, its own lot may have been taken in meanwhile
    try (RunState state = RunState.resume(settings.stateFile(), settings.describe())) {
      Optional<FactoryReport> made = state.result(settings.lot());
      if (made.isPresent()) {
        state.complete(made.get(), steps);
        return made.get();
      }
      return make(state);
    }
  }

  private void check(List<Fleet> others) throws IOException {
    DeviceChecks checks =
        new DeviceChecks(others, problems, settings.needsBoard(), settings.stack());
    settings.devices().check(checks);
    if (checks.problems() > 0) {
      long count = checks.problems();
      throw new FactoryException(
          Reason.BAD_DEVICES,
          count + (count == 1 ? " problem" : " problems") + "; nothing was made");
    }
    if (settings.labels().isPresent()) {
      LabelFormat.of(settings.labels().get()).check(settings.devices().count(), settings.sheet());
    }
  }

  private FactoryReport make(RunState state) throws IOException {
    FactoryReport report;
    try (RunOutputs out = new RunOutputs(settings)) {
      long[] done = {0};
      settings
          .devices()
          .forEach(
              state.keys(),
              row -> {
                out.write(row);
                progress.accept(++done[0]);
              });
      report = new FactoryReport(done[0], out.finish(steps));
    }
    steps.reached("closed");
    state.complete(report, steps);
    return report;
  }
}
