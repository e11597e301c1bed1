// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import io.github.lwm2mcreds.store.StoreEngine.Position;
import java.time.Duration;

/**
 * Where a mirror stands at a moment.
 *
 * @param following whether the mirror could follow its database when it last tried
 * @param lag how long ago the mirror last knew that it had all that the store holds; while it
 *     follows, little more than its interval
 * @param position the last change that the mirror has
 * @param behind how many changes behind that one the mirror knows of and has not yet; usually 0,
 *     and 0 while the database is out of reach, as nothing new is known then
 */
public record MirrorState(boolean following, Duration lag, Position position, long behind) {}
