// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Fuzzes every decoder of this module for a while; FUZZING.md tells how to do it for longer. */
class FuzzingTest {
  @TestFactory
  Stream<DynamicTest> decoder_whatFuzzingMakesUp_isReadOrRefused() throws Exception {
    return FuzzRun.all(FuzzingTest.class);
  }
}
