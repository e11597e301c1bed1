// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.SealedCredential;
import java.sql.SQLException;
import java.util.List;
import java.util.function.LongConsumer;

/** Goes through all credentials of a store, a page in a transaction, so that nobody waits long. */
final class CredentialWalk {
  /** Looks at a credential. */
  interface Visitor {
    void visit(JdbcSession session, SealedCredential row) throws SQLException;
  }

  private CredentialWalk() {}

  /** Visits each, current and next; returns how many there were. */
  static long run(Database database, Visitor visitor, LongConsumer progress) {
    long done = 0;
    byte[] last = new byte[0];
    List<SealedCredential> page;
    do {
      byte[] after = last;
      page = database.read(session -> visitAfter(session, after, visitor));
      done += page.size();
      last = page.isEmpty() ? last : page.get(page.size() - 1).pskIdentity().toBytes();
      progress.accept(done);
    } while (page.size() == Pages.SIZE);
    return done;
  }

  private static List<SealedCredential> visitAfter(
      JdbcSession session, byte[] after, Visitor visitor) throws SQLException {
    List<SealedCredential> rows = new CredentialTable(session).anyAfter(after, Pages.SIZE);
    for (SealedCredential row : rows) {
      visitor.visit(session, row);
    }
    return rows;
  }
}
