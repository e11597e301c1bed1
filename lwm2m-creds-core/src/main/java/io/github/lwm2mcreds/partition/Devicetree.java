// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.partition;

/**
 * Finds the credential partition in devicetree source (Devicetree Specification v0.4, chapter 6):
 * an application's overlay, or the {@code zephyr.dts} that a Zephyr build writes.
 *
 * <p>The partition's node has the node label {@code credentials_partition} or the property {@code
 * label = "lwm2m-credentials"}. Its address is the one that the CPU and flash tools use: the nodes
 * around it count. {@link DevicetreeSearch} takes several files, includes and definitions.
 */
public final class Devicetree {
  private Devicetree() {}

  /**
   * Returns the location of the credential partition.
   *
   * @param source the text of an overlay or a {@code .dts}
   * @return the address and size
   * @throws FlashImageException if there is no such node, its address cannot be computed, or a name
   *     decides that the text does not define, as in {@code #ifdef CONFIG_SOC_NRF52832}
   */
  public static PartitionLocation findCredentialPartition(String source)
      throws FlashImageException {
    return search().source("", source).find().location();
  }

  /**
   * Returns a search that has no files yet.
   *
   * @return a new search
   */
  public static DevicetreeSearch search() {
    return new DevicetreeSearch();
  }
}
