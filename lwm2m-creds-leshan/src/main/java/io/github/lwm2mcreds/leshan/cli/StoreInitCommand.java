// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.seal.KeyWrapper;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "init",
    headerHeading = "Example:%n  lwm2m-creds store init --store sqlite:fleet.db%n%n",
    description = "Create a new store.")
final class StoreInitCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws CommandException {
    KeyWrapper wrapper = storeOptions.wrapper(true, streams);
    storeOptions.builder(wrapper, streams).create().close();
    if (format.isJson()) {
      streams.out().println(JsonLine.of(ReportJson.of(storeOptions.address(), wrapper, "created")));
      return ExitCode.DONE;
    }
    streams.out().println("created " + storeOptions.address() + ", which opens with " + wrapper);
    streams.out().println(storeOptions.advice());
    return ExitCode.DONE;
  }
}
