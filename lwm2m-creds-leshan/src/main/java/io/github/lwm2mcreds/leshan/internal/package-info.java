// SPDX-License-Identifier: Apache-2.0
/** What several packages of this module share and no caller needs. */
package io.github.lwm2mcreds.leshan.internal;
