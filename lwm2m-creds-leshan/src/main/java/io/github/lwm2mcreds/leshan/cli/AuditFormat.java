// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.manifest.CsvFormulas;
import io.github.lwm2mcreds.store.AuditEntry;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The formats of an audit trail, with one entry per line. */
enum AuditFormat {
  /** For people. */
  TEXT {
    @Override
    String row(AuditEntry entry) {
      return fields(entry).filter(field -> !field.isEmpty()).collect(Collectors.joining("  "));
    }
  },

  /** RFC 4180, escaped as for people, and so that no spreadsheet reads a field as a formula. */
  CSV {
    @Override
    Optional<String> head() {
      return Optional.of("number,time,actor,action,endpoint,pskIdentity,checkValue,reason,hash");
    }

    @Override
    String row(AuditEntry entry) {
      return Stream.concat(fields(entry), Stream.of(entry.hash().toString()))
          .map(CSV::csv)
          .collect(Collectors.joining(","));
    }
  },

  /** One JSON object per line, in ASCII; an absent value is null. */
  JSON {
    @Override
    String row(AuditEntry entry) {
      ObjectNode object = JsonLine.object();
      object.put("number", entry.number());
      object.put("time", entry.time().toString());
      object.put("actor", entry.actor());
      object.put("action", entry.action().name());
      object.put("endpoint", entry.endpoint().isEmpty() ? null : entry.endpoint());
      object.put("pskIdentity", entry.pskIdentity().map(PskIdentity::asString).orElse(null));
      object.put("checkValue", entry.checkValue().orElse(null));
      object.put("reason", entry.reason());
      object.put("hash", entry.hash().toString());
      return JsonLine.of(object);
    }
  };

  /** Returns the header line, if there is one. */
  Optional<String> head() {
    return Optional.empty();
  }

  abstract String row(AuditEntry entry);

  /** Returns all values but the hash, without characters that end a line or control a terminal. */
  Stream<String> fields(AuditEntry entry) {
    return List.of(
        Long.toString(entry.number()),
        entry.time().toString(),
        Printable.escape(entry.actor()),
        entry.action().name(),
        Printable.escape(entry.endpoint()),
        entry.pskIdentity().map(PskIdentity::toString).orElse(""),
        entry.checkValue().map(Printable::escape).orElse(""),
        Printable.escape(entry.reason()))
        .stream();
  }

  String csv(String field) {
    String safe = CsvFormulas.escape(field);
    return safe.indexOf(',') >= 0 || safe.indexOf('"') >= 0
        ? '"' + safe.replace("\"", "\"\"") + '"'
        : safe;
  }
}
