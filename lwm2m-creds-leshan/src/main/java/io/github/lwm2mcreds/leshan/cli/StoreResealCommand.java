// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.seal.KeyWrapper;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "reseal",
    headerHeading = "Example:%n  lwm2m-creds store reseal --store sqlite:fleet.db%n%n",
    description = {
      "Seal all keys of a store again, under a new sealing key, while servers keep running.",
      "To move the store to another wrapping key, first restart the servers with the same --new-…"
          + " options, so that they can open it with both."
    })
final class StoreResealCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Mixin private FormatOption format;

  @ArgGroup(exclusive = false, heading = StoreOptions.HEADING)
  private StoreOptions storeOptions = new StoreOptions();

  @ArgGroup(exclusive = false, heading = NewWrappingKeyOptions.HEADING)
  private NewWrappingKeyOptions newWrappingKey = new NewWrappingKeyOptions();

  @Override
  public Integer call() throws CommandException {
    KeyWrapper current = storeOptions.wrapper(false, streams);
    Optional<KeyWrapper> next = newWrappingKey.wrapper(streams);
    KeyWrapper both = next.map(wrapper -> KeyWrappers.anyOf(wrapper, current)).orElse(current);
    try (JdbcCredentialStore store = storeOptions.builder(both, streams).open()) {
      long unopened = reseal(store);
      if (unopened == 0 && next.isPresent() && !opens(next.get())) {
        // This resumed an interrupted pass, whose sealing key is wrapped with the old wrapping key.
        unopened = reseal(store);
      }
      if (unopened > 0) {
        printText(unopened + " keys do not open and are left as they are; 'check' names them");
        return ExitCode.FINDINGS;
      }
      print(next.orElse(current));
      next.ifPresent(moved -> printText(newWrappingKey.advice()));
      return ExitCode.DONE;
    }
  }

  private void print(KeyWrapper wrapper) throws CommandException {
    if (format.isJson()) {
      streams
          .out()
          .println(JsonLine.of(ReportJson.of(storeOptions.address(), wrapper, "resealed")));
    }
    printText("the store now opens with " + wrapper);
  }

  private void printText(String line) {
    if (!format.isJson()) {
      streams.out().println(line);
    }
  }

  private long reseal(JdbcCredentialStore store) {
    Progress progress = new Progress("keys", store.size(), streams);
    long unopened = store.reseal(progress);
    progress.clear();
    long resealed = progress.done() - unopened;
    streams
        .out()
        .println(
            format.isJson()
                ? JsonLine.of(JsonLine.object().put("resealed", resealed).put("unopened", unopened))
                : "keys resealed: " + resealed);
    return unopened;
  }

  private boolean opens(KeyWrapper wrapper) throws CommandException {
    try {
      storeOptions.builder(wrapper, streams).open().close();
      return true;
    } catch (CredentialStoreException e) {
      if (e.reason() == CredentialStoreException.Reason.WRONG_KEY) {
        return false;
      }
      throw e;
    }
  }
}
