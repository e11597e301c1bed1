// SPDX-License-Identifier: Apache-2.0
/**
 * A client for the security API of running Leshan servers: stores, removes and lists the
 * credentials of devices. Begin with {@link io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi}, or
 * with {@link io.github.lwm2mcreds.leshan.rest.ServerSync} to keep a server like a store. Uses
 * core's root package and its stores.
 */
package io.github.lwm2mcreds.leshan.rest;
