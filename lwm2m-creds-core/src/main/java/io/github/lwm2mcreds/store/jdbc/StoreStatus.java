// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import io.github.lwm2mcreds.store.StoreEngine.Position;

/**
 * Where a store stands, read at one moment.
 *
 * @param schemaVersion the version of its tables
 * @param sealingKeys how many sealing keys it has; more than one while it is sealed anew
 * @param position the end of its history
 * @param endpoints how many endpoints have a credential
 * @param nextCredentials how many of them have a next one, too
 * @param revocations how many endpoints and identities are revoked
 */
public record StoreStatus(
    int schemaVersion,
    long sealingKeys,
    Position position,
    long endpoints,
    long nextCredentials,
    long revocations) {}
