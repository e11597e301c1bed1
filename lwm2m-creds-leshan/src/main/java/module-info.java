// SPDX-License-Identifier: Apache-2.0
/**
 * Credentials in Eclipse Leshan: a security store, a server's coaps endpoint, a device that boots
 * from flash, a client of the security API, and a provisioning endpoint in its place, which needs
 * Jetty on the module path.
 */
// Leshan, Californium and Micrometer are no modules; what they need that is one, SLF4J, is required
// for them.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module io.github.lwm2mcreds.leshan {
  requires transitive io.github.lwm2mcreds;
  requires transitive element.connector;
  requires transitive leshan.lwm2m.client;
  requires transitive leshan.lwm2m.core;
  requires transitive leshan.lwm2m.server;
  requires transitive leshan.lwm2m.servers.shared;
  requires transitive leshan.tl.cf.server.coap;
  requires transitive scandium;
  requires californium.core;
  requires com.fasterxml.jackson.databind;
  requires java.net.http;
  requires leshan.tl.cf.client.coap;
  requires org.slf4j;
  requires static micrometer.core;
  requires static org.eclipse.jetty.http;
  requires static org.eclipse.jetty.io;
  requires static org.eclipse.jetty.server;
  requires static org.eclipse.jetty.util;

  exports io.github.lwm2mcreds.leshan;
  exports io.github.lwm2mcreds.leshan.firmware;
  exports io.github.lwm2mcreds.leshan.migration;
  exports io.github.lwm2mcreds.leshan.provisioning;
  exports io.github.lwm2mcreds.leshan.rest;
}
