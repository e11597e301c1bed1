// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.SavedSessionsException;
import io.github.lwm2mcreds.store.SavedSessionsException.Reason;
import io.github.lwm2mcreds.store.SessionLedger;
import io.github.lwm2mcreds.store.internal.SealedInput;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Reads a file of saved sessions: the same open file, however often its name is given to others.
 */
final class SessionFileReader implements Closeable {
  private final FileChannel channel;
  private final SessionFileHeader header;
  private final byte[] context;
  private final byte[] key;

  /**
   * Opens a file and its key.
   *
   * @throws SavedSessionsException if it is no such file, or its key does not open
   */
  SessionFileReader(Path file, SessionLedger ledger) throws IOException {
    this.channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      InputStream in = Channels.newInputStream(channel);
      byte[] bytes = SessionFileHeader.readBytes(in);
      this.header = SessionFileHeader.read(bytes);
      byte[] sealedKey = SessionFileHeader.readKey(in);
      this.context = SessionFileHeader.withKey(bytes, sealedKey);
      this.key = open(ledger, bytes, sealedKey);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static byte[] open(SessionLedger ledger, byte[] header, byte[] sealedKey) {
    try {
      return ledger.open(header, sealedKey);
    } catch (CredentialStoreException e) {
      throw switch (e.reason()) {
        case WRONG_KEY ->
            new SavedSessionsException(
                Reason.OTHER_STORE,
                "no sealing key of this store opens it: it was saved with another store, or the"
                    + " store was resealed since",
                e);
        case CORRUPT ->
            new SavedSessionsException(Reason.DAMAGED, "its header or its key was altered", e);
        default -> e;
      };
    }
  }

  SessionFileHeader header() {
    return header;
  }

  /** Returns its length in bytes. */
  long length() throws IOException {
    return channel.size();
  }

  /**
   * Reads it all, so that a damaged file is refused before it counts as used.
   *
   * @throws SavedSessionsException with {@code DAMAGED} and the place
   */
  void verify() throws IOException {
    try (SealedInput in = sessions()) {
      in.verify();
    } catch (SealedInput.DamagedException e) {
      throw damaged(e);
    }
  }

  /** Returns what was saved, from the beginning. */
  SealedInput sessions() throws IOException {
    channel.position(context.length);
    return new SealedInput(Channels.newInputStream(channel), key, context);
  }

  private SavedSessionsException damaged(SealedInput.DamagedException e) {
    return new SavedSessionsException(
        Reason.DAMAGED, e.getMessage() + " (behind a header of " + context.length + " bytes)", e);
  }

  @Override
  public void close() throws IOException {
    Arrays.fill(key, (byte) 0);
    channel.close();
  }
}
