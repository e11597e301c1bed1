// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

/** Is told of each step of a run that is on disk, after which a stop leaves something else. */
interface RunSteps {
  void reached(String step);
}
