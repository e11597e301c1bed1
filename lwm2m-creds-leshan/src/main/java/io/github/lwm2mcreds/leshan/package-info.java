/**
 * Credentials in Eclipse Leshan: a security store, a server's coaps endpoint, and a device that
 * boots from flash.
 */
package io.github.lwm2mcreds.leshan;
