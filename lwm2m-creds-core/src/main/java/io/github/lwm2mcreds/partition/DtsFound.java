// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

/**
 * A partition in a devicetree.
 *
 * @param place where its {@code reg} is
 * @param baseIsUnknown whether the address of its flash is not in the devicetree, and taken as 0
 * @param anchored whether its place is known from the root on
 */
record DtsFound(
    PartitionLocation location, DtsPlace place, boolean baseIsUnknown, boolean anchored) {}
