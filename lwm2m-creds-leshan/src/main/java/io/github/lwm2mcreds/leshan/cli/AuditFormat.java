package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.AuditEntry;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the entries of an audit trail are written: one a line, each. */
enum AuditFormat {
  /** For people. */
  TEXT {
    @Override
    String row(AuditEntry entry) {
      return fields(entry).filter(field -> !field.isEmpty()).collect(Collectors.joining("  "));
    }
  },

  /** RFC 4180, escaped as for people, and so that no spreadsheet takes a field for a formula. */
  CSV {
    @Override
    Optional<String> head() {
      return Optional.of("number,time,actor,action,endpoint,pskIdentity,checkValue,reason");
    }

    @Override
    String row(AuditEntry entry) {
      return fields(entry).map(CSV::csv).collect(Collectors.joining(","));
    }
  },

  /** One JSON object a line, in ASCII; what it has not is null. */
  JSON {
    @Override
    String row(AuditEntry entry) {
      ObjectNode object = MAPPER.createObjectNode();
      object.put("number", entry.number());
      object.put("time", entry.time().toString());
      object.put("actor", entry.actor());
      object.put("action", entry.action().name());
      object.put("endpoint", entry.endpoint().isEmpty() ? null : entry.endpoint());
      object.put("pskIdentity", entry.pskIdentity().map(PskIdentity::asString).orElse(null));
      object.put("checkValue", entry.checkValue().orElse(null));
      object.put("reason", entry.reason());
      try {
        return MAPPER.writeValueAsString(object);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("a tree of strings is always JSON", e);
      }
    }
  };

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final String FORMULAS = "=+-@";

  /** The line before all others, if there is one. */
  Optional<String> head() {
    return Optional.empty();
  }

  abstract String row(AuditEntry entry);

  /** All that there is, without anything that ends a line or steers a terminal. */
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
    String safe = !field.isEmpty() && FORMULAS.indexOf(field.charAt(0)) >= 0 ? "'" + field : field;
    return safe.indexOf(',') >= 0 || safe.indexOf('"') >= 0
        ? '"' + safe.replace("\"", "\"\"") + '"'
        : safe;
  }
}
