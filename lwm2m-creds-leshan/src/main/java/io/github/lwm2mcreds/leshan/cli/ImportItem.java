// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

/** What an {@link ImportSource} found where a credential should be. */
sealed interface ImportItem permits ImportFound, ImportUnreadable {}
