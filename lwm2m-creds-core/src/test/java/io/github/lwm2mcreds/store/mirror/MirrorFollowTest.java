// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.mirror;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static io.github.lwm2mcreds.store.TestCredentials.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import io.github.lwm2mcreds.store.RetiredCredential;
import io.github.lwm2mcreds.store.RetiredCredential.Cause;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A mirror has what another process does to the store, and tells of it once. */
@ParameterizedClass
@EnumSource(Engines.class)
class MirrorFollowTest extends MirrorFixture {
  MirrorFollowTest(Engines engine) {
    super(engine);
  }

  @Test
  void load_store_hasAll() {
    assertThat(mirror.findPsk(I)).contains(key(1));
    assertThat(mirror.size()).isOne();
    assertThat(toldByNow()).isEmpty();
  }

  @Test
  void follow_added_isFound() {
    other.putAll(IntStream.range(0, 1_500).mapToObj(n -> credential("d-" + n, n)).toList());

    catchUp();
    assertThat(mirror.findByEndpoint("d-1499")).isPresent();
    assertThat(mirror.size()).isEqualTo(1_501);
    assertThat(toldByNow()).isEmpty();
  }

  @Test
  void follow_replaced_isToldOnce() {
    other.put(credential("a", "j", 2));

    catchUp();
    assertThat(mirror.findByEndpoint("a")).contains(credential("a", "j", 2));
    assertThat(mirror.findPsk(I)).isEmpty();
    assertThat(toldByNow()).containsExactly(new RetiredCredential("a", I, Cause.REPLACED));
  }

  @Test
  void follow_removed_isToldOnce() {
    other.remove("a");

    eventually(() -> assertThat(mirror.findPsk(I)).isEmpty());
    assertThat(toldByNow()).containsExactly(new RetiredCredential("a", I, Cause.REMOVED));
  }

  @Test
  void follow_revoked_isToldOnce() {
    other.revoke("a", "lost");

    catchUp();
    assertThat(mirror.findRevocation("a")).isPresent();
    assertThat(mirror.findPsk(I)).isEmpty();
    assertThat(toldByNow()).containsExactly(new RetiredCredential("a", I, Cause.REVOKED));
    other.reinstate(credential("a", "i", 2));
    catchUp();
    assertThat(mirror.findPsk(I)).contains(key(2));
    assertThat(mirror.findRevocation("a")).isEmpty();
  }

  @Test
  void follow_revokedEndpointTooLongForAnIdentity_tellsThatSomethingIsUntold() {
    List<String> missed = new CopyOnWriteArrayList<>();
    mirror.addListener(
        new CredentialStoreListener() {
          @Override
          public void credentialRetired(RetiredCredential retired) {}

          @Override
          public void changesMissed() {
            missed.add("missed");
          }
        });
    String endpoint = "e".repeat(PskIdentity.MAX_LENGTH + 1);

    other.revoke(endpoint, "stolen");

    eventually(() -> assertThat(missed).containsExactly("missed"));
    assertThat(mirror.findRevocation(endpoint)).isPresent();
    other.revoke("b", "");
    assertThat(toldByNow()).extracting(RetiredCredential::endpoint).containsExactly("b");
    assertThat(missed).hasSize(1);
  }

  @Test
  void follow_rotated_hasBothThenTheNextOnly() {
    other.rotate(credential("a", "next", 2), clock.instant().plusSeconds(60));
    catchUp();
    assertThat(mirror.findPsk(PskIdentity.of("next"))).contains(key(2));
    assertThat(mirror.findPsk(I)).contains(key(1));

    assertThat(mirror.confirm(PskIdentity.of("next"))).isTrue();

    assertThat(mirror.findPsk(I)).isEmpty();
    assertThat(other.findByEndpoint("a")).contains(credential("a", "next", 2));
    assertThat(toldByNow()).containsExactly(new RetiredCredential("a", I, Cause.REPLACED));
  }

  @Test
  void follow_deadlinePasses_endsTheRotationInTheStore() {
    other.rotate(credential("a", "next", 2), clock.instant().plusSeconds(60));
    catchUp();

    clock.advance(Duration.ofMinutes(1));

    assertThat(mirror.findPsk(I)).as("at once").isEmpty();
    eventually(() -> assertThat(rotations()).isZero());
    assertThat(toldByNow()).containsExactly(new RetiredCredential("a", I, Cause.REPLACED));
  }

  @Test
  void follow_endpointWithALongNameRemovedAndThenRevoked_isMissed() {
    String endpoint = "e".repeat(PskIdentity.MAX_LENGTH + 1);
    other.put(credential(endpoint, "short", 2));
    catchUp();
    faults.hold(); // so that the mirror hears of both at once
    other.remove(endpoint);
    other.revoke(endpoint, "stolen");
    faults.release();

    eventually(() -> assertThat(missed).hasPositiveValue());
    assertThat(mirror.findRevocation(endpoint)).isPresent();
  }

  /** Rotations that nobody has ended, their deadline passed or not. */
  private long rotations() {
    return other.load(Optional.empty(), credential -> {}).rotations().size();
  }

  @Test
  void follow_identityMovesToAnother_isNobodyElses() {
    other.putAll(List.of(credential("a", "j", 1), credential("b", "i", 2)));

    eventually(() -> assertThat(mirror.findByPskIdentity(I)).contains(credential("b", "i", 2)));
    assertThat(mirror.findByEndpoint("a")).contains(credential("a", "j", 1));
    assertThat(toldByNow()).containsExactly(new RetiredCredential("a", I, Cause.REPLACED));
  }

  @Test
  void change_throughTheMirror_isToldOnTheSameThread() {
    Thread caller = Thread.currentThread();
    List<Thread> threads = new CopyOnWriteArrayList<>();
    mirror.addListener(retired -> threads.add(Thread.currentThread()));

    mirror.put(credential("a", "i", 2));

    assertThat(threads).containsExactly(caller);
    assertThat(toldByNow()).hasSize(1);
  }
}
