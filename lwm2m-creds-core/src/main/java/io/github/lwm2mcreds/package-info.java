// SPDX-License-Identifier: Apache-2.0
/**
 * A device's DTLS credential, which every other package uses: its endpoint, PSK identity and
 * pre-shared key, the policy that decides which keys are strong enough, and a generator of good
 * credentials.
 *
 * <p>Begin with {@link io.github.lwm2mcreds.DeviceCredential}, then {@link
 * io.github.lwm2mcreds.PreSharedKey}. This package uses nothing but the JDK.
 */
package io.github.lwm2mcreds;
