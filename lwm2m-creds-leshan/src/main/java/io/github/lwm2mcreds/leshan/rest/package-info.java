/**
 * The security API of running Leshan servers: give devices credentials there, take them away, and
 * see who has one.
 */
package io.github.lwm2mcreds.leshan.rest;
