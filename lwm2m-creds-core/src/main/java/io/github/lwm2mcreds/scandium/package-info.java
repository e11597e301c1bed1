/**
 * A credential store in the DTLS handshakes of Eclipse Californium's Scandium 4; needs Scandium on
 * the class path.
 */
package io.github.lwm2mcreds.scandium;
