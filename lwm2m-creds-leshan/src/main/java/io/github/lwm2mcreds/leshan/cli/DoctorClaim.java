// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Something that was measured, so that somebody else can measure it again.
 *
 * @param id what it is, for programs
 * @param scope what the result is a function of
 * @param measured what was measured
 * @param method how, with its parameters and sources
 * @param result the outcome
 * @param answers the provisions that it helps to answer; it does not say that they are met
 */
record DoctorClaim(
    String id,
    Scope scope,
    String measured,
    String method,
    ObjectNode result,
    List<Provision> answers) {
  /** What a result is a function of. */
  enum Scope {
    /** The machine and the process: another run may differ. */
    MACHINE,
    /** The store at the position of its history: another run must not differ. */
    STORE
  }

  /** Provisions of ETSI EN 303 645 V2.1.1 and of the annex of Regulation (EU) 2024/2847. */
  enum Provision {
    EN_5_4_3("ETSI EN 303 645 V2.1.1, provision 5.4-3"),
    EN_5_4_4("ETSI EN 303 645 V2.1.1, provision 5.4-4"),
    EN_5_5_1("ETSI EN 303 645 V2.1.1, provision 5.5-1"),
    EN_5_5_8("ETSI EN 303 645 V2.1.1, provision 5.5-8"),
    CRA_2_D("Regulation (EU) 2024/2847, Annex I, Part I, (2)(d)"),
    CRA_2_E("Regulation (EU) 2024/2847, Annex I, Part I, (2)(e)"),
    CRA_2_F("Regulation (EU) 2024/2847, Annex I, Part I, (2)(f)"),
    CRA_2_L("Regulation (EU) 2024/2847, Annex I, Part I, (2)(l)");

    private final String text;

    Provision(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  static DoctorClaim of(
      String id,
      Scope scope,
      String measured,
      String method,
      ObjectNode result,
      Provision... answers) {
    return new DoctorClaim(id, scope, measured, method, result, List.of(answers));
  }

  ObjectNode toJson() {
    ObjectNode object = JsonLine.object();
    object.put("id", id).put("scope", scope.name()).put("measured", measured).put("method", method);
    object.set("result", result);
    ArrayNode provisions = object.putArray("answers");
    answers.forEach(provision -> provisions.add(provision.text()));
    return object;
  }
}
