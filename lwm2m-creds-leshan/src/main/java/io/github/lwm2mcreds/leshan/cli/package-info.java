/** The command line: one class per command, on top of the same API that programs use. */
package io.github.lwm2mcreds.leshan.cli;
