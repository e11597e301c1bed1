package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.KeyWrapper;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "init",
    description = "Make a store where there is none.",
    mixinStandardHelpOptions = true)
final class StoreInitCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private StoreOption store;

  StoreInitCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandException {
    KeyWrapper wrapper = store.wrapper(true, streams);
    store.builder(wrapper, streams).create().close();
    streams.out().println("made " + store.address() + ", which is opened with " + wrapper);
    streams.out().println("keep a copy of that elsewhere: without it, all keys are lost");
    return ExitCode.DONE;
  }
}
