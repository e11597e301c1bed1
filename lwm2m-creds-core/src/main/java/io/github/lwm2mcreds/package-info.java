/**
 * A device's DTLS credential: endpoint, PSK identity and pre-shared key, and how to make good ones.
 */
package io.github.lwm2mcreds;
