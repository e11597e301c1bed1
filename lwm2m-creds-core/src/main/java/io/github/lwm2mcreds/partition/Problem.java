// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

import io.github.lwm2mcreds.partition.PartitionFormatException.Reason;

/** The first thing that is wrong with a partition or one of its fields. */
record Problem(Reason reason, int offset, String text) {}
