package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.JdbcCredentialStore;
import io.github.lwm2mcreds.store.KeyWrapper;
import io.github.lwm2mcreds.store.KeyWrappers;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "reseal",
    description = {
      "Seal all keys of a store anew, under a new store key; servers go on meanwhile.",
      "To move the store to another key file or passphrase, first have the servers open it with"
          + " both: 'serve' takes the --new-store-… options, too."
    },
    mixinStandardHelpOptions = true)
final class StoreResealCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private StoreOption storeOption;
  @Mixin private NewStoreKeyOption newKey;

  StoreResealCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandException {
    KeyWrapper present = storeOption.wrapper(false, streams);
    Optional<KeyWrapper> next = newKey.wrapper(streams);
    KeyWrapper both = next.map(wrapper -> KeyWrappers.anyOf(wrapper, present)).orElse(present);
    try (JdbcCredentialStore store = storeOption.builder(both, streams).open()) {
      long unopened = reseal(store);
      if (unopened == 0 && next.isPresent() && !opens(next.get())) {
        // A pass was taken up that had been interrupted, whose store key the old wrapper wrapped.
        unopened = reseal(store);
      }
      if (unopened > 0) {
        streams
            .out()
            .println(unopened + " keys do not open, and are left as they are; check names them");
        return ExitCode.FINDINGS;
      }
      streams.out().println("the store is opened with " + next.orElse(present) + " from now on");
      return ExitCode.DONE;
    }
  }

  private long reseal(JdbcCredentialStore store) {
    Progress progress = new Progress(store.size(), streams);
    long unopened = store.reseal(progress);
    streams.out().println("sealed anew: " + (progress.done() - unopened) + " keys");
    return unopened;
  }

  private boolean opens(KeyWrapper wrapper) throws CommandException {
    try {
      storeOption.builder(wrapper, streams).open().close();
      return true;
    } catch (CredentialStoreException e) {
      if (e.reason() == CredentialStoreException.Reason.WRONG_KEY) {
        return false;
      }
      throw e;
    }
  }
}
