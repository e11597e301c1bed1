// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

/**
 * What a client greets a server with.
 *
 * @param port of the loopback interface
 * @param identity the PSK identity, of which only readers have it
 */
public record Hello(int port, PskSuite suite, byte[] identity, byte[] key) {
  static Hello of(int port, PskSuite suite, InteropDevice device) {
    return new Hello(port, suite, device.identity(), device.key());
  }
}
