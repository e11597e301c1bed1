// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: one class per command, on top of the same API that programs use. Begin with
 * {@code Main}, whose annotation lists the commands. May use all other packages.
 */
package io.github.lwm2mcreds.leshan.cli;
