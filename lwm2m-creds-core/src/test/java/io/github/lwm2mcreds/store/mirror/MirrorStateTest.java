// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.store.Faults;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a mirror tells of itself. */
@ParameterizedClass
@EnumSource(Engines.class)
class MirrorStateTest extends MirrorFixture {
  MirrorStateTest(Engines engine) {
    super(engine);
  }

  @Test
  void state_followingMirror_isAtTheEndOfTheHistory() {
    other.put(credential("b", 2));
    catchUp();

    MirrorState state = mirror.state();

    assertThat(state.following()).isTrue();
    assertThat(state.lag()).isZero();
    assertThat(state.position().number()).isEqualTo(2);
    assertThat(state.behind()).isZero();
  }

  @Test
  void state_databaseLost_staysWhereItWas() {
    catchUp();
    faults.failAfter(0);
    eventually(() -> assertThat(mirror.state().following()).isFalse());
    clock.advance(Duration.ofMinutes(5));

    assertThat(mirror.state().lag()).isEqualTo(Duration.ofMinutes(5));
    assertThat(mirror.state().position().number()).isOne();
    faults.recover();
    eventually(() -> assertThat(mirror.state().following()).isTrue());
    eventually(() -> assertThat(mirror.state().lag()).isZero());
  }

  @Test
  void countRotations_countsThoseWhoseTimeIsNotUp() {
    other.put(credential("b", "b", 2));
    other.rotate(credential("a", "a-2", 3), clock.instant().plusSeconds(60));
    other.rotate(credential("b", "b-2", 4), clock.instant().plusSeconds(3600));
    catchUp();

    assertThat(mirror.countRotations()).isEqualTo(2);
    clock.advance(Duration.ofSeconds(60));
    assertThat(mirror.countRotations()).isOne();
    assertThat(mirror.countUnopenedKeys()).isZero();
  }

  @Test
  void behind_databaseLostWhileManyChangesAreRead_tellsHowManyAreLeft() {
    InMemoryEngine source = new InMemoryEngine();
    Faults ofOne = new Faults(); // the other mirror has accesses of its own
    SteppedMirror stepped =
        SteppedMirror.of(new InMemoryEngine(source, ofOne).withPagesOf(2), new MirrorObserver() {});
    for (int i = 0; i < 7; i++) {
      source.put(credential("many", i));
    }
    long end = source.audit(0).count();
    ofOne.failAfter(2);

    assertThatThrownBy(stepped::round);

    assertThat(stepped.store().state().position().number()).isEqualTo(4);
    assertThat(stepped.store().state().behind()).isEqualTo(end - 4);
  }
}
