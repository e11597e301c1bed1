/** Pre-shared keys that follow from a group key, so that no server has to store them. */
package io.github.lwm2mcreds.derive;
