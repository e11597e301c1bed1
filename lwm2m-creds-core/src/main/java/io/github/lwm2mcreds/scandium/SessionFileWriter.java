// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import io.github.lwm2mcreds.KeyRandom;
import io.github.lwm2mcreds.store.SessionLedger;
import io.github.lwm2mcreds.store.internal.PrivateOutput;
import io.github.lwm2mcreds.store.internal.SealedOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.elements.util.SerializationUtil;

/** Writes a file of sessions, which takes the place of the one before when it is whole. */
final class SessionFileWriter {
  /** Writes sessions as Scandium does, and returns how many. */
  interface Sessions {
    int writeTo(OutputStream out) throws IOException;
  }

  private SessionFileWriter() {}

  static int write(Path file, SessionLedger ledger, SessionFileHeader header, Sessions sessions)
      throws IOException {
    byte[] key = new byte[SealedOutput.KEY_LENGTH];
    KeyRandom.fill(key);
    try {
      byte[] plainHeader = header.toBytes();
      byte[] context = SessionFileHeader.withKey(plainHeader, ledger.seal(plainHeader, key));
      try (PrivateOutput out = PrivateOutput.replacing(file)) {
        out.write(context);
        int written = write(new SealedOutput(out, key, context), sessions);
        out.commit();
        return written;
      }
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static int write(SealedOutput sealed, Sessions sessions) throws IOException {
    try (sealed) {
      DatagramWriter clocks = new DatagramWriter();
      SerializationUtil.writeNanotimeSynchronizationMark(clocks);
      clocks.writeTo(sealed);
      int written = sessions.writeTo(sealed);
      sealed.finish();
      return written;
    }
  }
}
