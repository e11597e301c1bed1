/**
 * The credential partition in a dm-lwm2m device's flash: its bytes, what the firmware makes of
 * them, and flash images.
 */
package io.github.lwm2mcreds.partition;
