package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.sql.SQLException;

/**
 * The databases that hold stores, and the few things in which they differ; all other SQL is the
 * same for both.
 */
enum DatabaseKind {
  SQLITE {
    @Override
    String tableExists() {
      return "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?";
    }

    @Override
    String longKey() {
      return "INTEGER"; // with any other type the key gets an index of its own
    }

    @Override
    String rowLock() {
      return ""; // BEGIN IMMEDIATE has locked the database
    }

    @Override
    Reason reason(SQLException e) {
      return switch (e.getErrorCode() & 0xff) { // extended codes keep the plain one in front
        case 3, 8 -> Reason.READ_ONLY; // SQLITE_PERM, SQLITE_READONLY
        case 5, 6 -> Reason.LOCKED; // SQLITE_BUSY, SQLITE_LOCKED
        case 11 -> Reason.CORRUPT; // SQLITE_CORRUPT
        case 13 -> Reason.FULL; // SQLITE_FULL
        case 26 -> Reason.NOT_A_STORE; // SQLITE_NOTADB
        default -> Reason.UNAVAILABLE;
      };
    }

    @Override
    boolean isUniqueViolation(SQLException e) {
      return (e.getErrorCode() & 0xff) == 19; // SQLITE_CONSTRAINT
    }
  },

  POSTGRESQL {
    @Override
    String tableExists() {
      return "SELECT count(*) FROM pg_tables"
          + " WHERE tablename = ? AND schemaname = ANY (current_schemas(false))";
    }

    @Override
    String longKey() {
      return "BIGINT";
    }

    @Override
    String rowLock() {
      return " FOR UPDATE";
    }

    /** By the codes of the PostgreSQL manual's appendix A. */
    @Override
    Reason reason(SQLException e) {
      String state = e.getSQLState() == null ? "" : e.getSQLState();
      return switch (state) {
        case "25006", "42501" -> Reason.READ_ONLY;
        case "53100" -> Reason.FULL;
        case "55P03", "57014", "40P01" -> Reason.LOCKED;
        case "XX001", "XX002" -> Reason.CORRUPT;
        case "3D000" -> Reason.NOT_FOUND;
        default -> Reason.UNAVAILABLE;
      };
    }

    @Override
    boolean isUniqueViolation(SQLException e) {
      return "23505".equals(e.getSQLState());
    }
  };

  /** A query that counts the tables with a name, where unqualified names are looked for. */
  abstract String tableExists();

  /** The type of a 64-bit primary key. */
  abstract String longKey();

  /** What makes a SELECT lock the rows it finds. */
  abstract String rowLock();

  /** What a failure means. */
  abstract Reason reason(SQLException e);

  abstract boolean isUniqueViolation(SQLException e);

  /** Puts a failure in words; those of the driver are in the cause. */
  CredentialStoreException failure(String store, SQLException e) {
    Reason reason = reason(e);
    String problem =
        switch (reason) {
          case READ_ONLY -> "may not be written: check the rights and the file system";
          case LOCKED -> "is locked by another process for too long; try again";
          case CORRUPT -> "is damaged: restore it from a backup, and keep this one for the check";
          case FULL -> "cannot grow, since there is no space left";
          case NOT_A_STORE -> "is not a credential store";
          case NOT_FOUND -> "does not exist";
          default -> "cannot be used: " + cause(e);
        };
    return new CredentialStoreException(reason, store + " " + problem, e);
  }

  /** Drivers put data of the statement into further lines, and that of a batch before its cause. */
  private static String cause(SQLException e) {
    SQLException first = e.getNextException() == null ? e : e.getNextException();
    String message = String.valueOf(first.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
