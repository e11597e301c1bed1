package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.StoreEngine.Position;
import io.github.lwm2mcreds.store.mirror.MirrorObserver;
import java.util.Locale;
import java.util.function.Consumer;

/** Prints what happens to the store that a server follows, one line per event. */
final class StoreEvents implements CredentialStoreListener, MirrorObserver {
  private final Consumer<String> print;

  StoreEvents(Consumer<String> print) {
    this.print = print;
  }

  /** Names the identity too, since a rotating endpoint has two credentials. */
  @Override
  public void credentialRetired(RetiredCredential retired) {
    boolean isOwn = retired.pskIdentity().asString().equals(retired.endpoint());
    print.accept(
        retired.cause().name().toLowerCase(Locale.ROOT)
            + " "
            + Printable.escape(retired.endpoint())
            + (isOwn ? "" : ", identity " + StoreRow.quoted(retired.pskIdentity())));
  }

  @Override
  public void lost(CredentialStoreException failure) {
    print.accept("store lost, serving the devices known so far: " + failure.getMessage());
  }

  @Override
  public void resumed() {
    print.accept("store back and caught up");
  }

  @Override
  public void historyChanged(Position followed, Position loaded) {
    print.accept(
        "history changed: change "
            + followed.number()
            + " that this server followed is not in the store, whose history now ends at change "
            + loaded.number()
            + ": an older state was restored, or a fail-over lost changes; revocations that were"
            + " lost have to be made again");
  }

  @Override
  public void unreadable(CredentialStoreException failure) {
    print.accept("refused handshake: " + failure.getMessage());
  }
}
