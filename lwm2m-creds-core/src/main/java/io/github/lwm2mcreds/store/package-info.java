/** Where a server keeps its devices' credentials. */
package io.github.lwm2mcreds.store;
