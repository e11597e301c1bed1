// SPDX-License-Identifier: Apache-2.0
/**
 * Firmware over a device's own DTLS session, instead of plain HTTP. A {@link
 * io.github.lwm2mcreds.leshan.firmware.FirmwarePush} sends an image to devices that register with a
 * Leshan server, and a {@link io.github.lwm2mcreds.leshan.firmware.FirmwareUpdateObject} takes it
 * on a Leshan client and checks its digest. An example to build on: it plans no campaigns, and
 * keeps no record of what devices run. Depends on Leshan alone.
 */
package io.github.lwm2mcreds.leshan.firmware;
