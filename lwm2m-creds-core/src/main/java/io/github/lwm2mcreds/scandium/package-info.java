// SPDX-License-Identifier: Apache-2.0
/**
 * A credential store in the DTLS handshakes of Eclipse Californium's Scandium 4, which must be on
 * the class path. Begin with {@link io.github.lwm2mcreds.scandium.ScandiumPskStore} and {@link
 * io.github.lwm2mcreds.scandium.LwM2mDtls}; {@link
 * io.github.lwm2mcreds.scandium.PskServerConnector} ends sessions with their credentials. Uses the
 * root package and the contract of stores.
 */
package io.github.lwm2mcreds.scandium;
