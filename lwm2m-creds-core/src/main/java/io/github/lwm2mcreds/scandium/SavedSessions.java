// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.time.Duration;
import java.time.Instant;

/**
 * One saving of a server's sessions to their file.
 *
 * @param time when it began
 * @param sessions how many were saved
 * @param bytes the length of the file
 * @param took how long it took
 */
public record SavedSessions(Instant time, int sessions, long bytes, Duration took) {}
