// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import io.github.lwm2mcreds.KeyCheckValue;
import io.github.lwm2mcreds.PskIdentity;
import java.util.Optional;

/**
 * A credential without its key.
 *
 * @param endpoint the LwM2M endpoint client name
 * @param pskIdentity the identity the device sends in its handshake
 * @param checkValue the key's check value; empty if the key cannot be opened
 */
public record CredentialSummary(
    String endpoint, PskIdentity pskIdentity, Optional<KeyCheckValue> checkValue) {}
