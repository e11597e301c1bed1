// SPDX-License-Identifier: Apache-2.0
/**
 * The credential partition in a dm-lwm2m device's flash: its 66 bytes, what the firmware does with
 * them, and the files that carry them to the flash.
 *
 * <p>Begin with {@link io.github.lwm2mcreds.partition.CredentialPartition}, then {@link
 * io.github.lwm2mcreds.partition.FirmwareView}. This package uses only the root package.
 */
package io.github.lwm2mcreds.partition;
