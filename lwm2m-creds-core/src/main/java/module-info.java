// SPDX-License-Identifier: Apache-2.0
/**
 * LwM2M credentials: values, the credential partition of dm-lwm2m firmware, durable sealed stores,
 * and a PSK store for Scandium.
 *
 * <p>A database driver, Bouncy Castle or ZXing is found when it is on the module path. A program
 * that uses the package {@code scandium} requires Scandium's modules and {@code org.slf4j} itself,
 * and one that uses {@code metrics} {@code micrometer.core}.
 */
// Scandium, Micrometer, ZXing and the PostgreSQL driver are no modules; the Leshan adapter is built
// after
// this one.
@SuppressWarnings({"requires-automatic", "module"})
module io.github.lwm2mcreds {
  requires transitive java.sql;
  requires static com.google.zxing;
  requires static element.connector;
  requires static micrometer.core;
  requires static org.bouncycastle.pkix;
  requires static org.bouncycastle.provider;
  requires static org.postgresql.jdbc;
  requires static org.slf4j;
  requires static scandium;

  exports io.github.lwm2mcreds;
  exports io.github.lwm2mcreds.derive;
  exports io.github.lwm2mcreds.factory;
  exports io.github.lwm2mcreds.format;
  exports io.github.lwm2mcreds.label;
  exports io.github.lwm2mcreds.manifest;
  exports io.github.lwm2mcreds.metrics;
  exports io.github.lwm2mcreds.partition;
  exports io.github.lwm2mcreds.scandium;
  exports io.github.lwm2mcreds.store;
  exports io.github.lwm2mcreds.store.internal to
      io.github.lwm2mcreds.leshan;
  exports io.github.lwm2mcreds.store.jdbc;
  exports io.github.lwm2mcreds.store.mirror;
  exports io.github.lwm2mcreds.store.seal;
}
