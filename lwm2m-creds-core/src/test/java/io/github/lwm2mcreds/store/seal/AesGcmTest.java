// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;

class AesGcmTest {
  private static final SecretKey KEY = TestKeys.aes(1);
  private static final byte[] PREFIX = {1, 2};
  private static final byte[] CONTEXT = {3};

  @Test
  void open_emptyPlaintext_isEmptyAndOneByteLessIsNothing() throws Exception {
    byte[] sealed = AesGcm.seal(AesGcm.cipher(), KEY, PREFIX, CONTEXT, new byte[0]);

    assertThat(open(sealed)).isEmpty();
    assertThat(open(Arrays.copyOf(sealed, sealed.length - 1))).isNull();
  }

  private static byte[] open(byte[] sealed) throws Exception {
    return AesGcm.open(AesGcm.cipher(), KEY, sealed, PREFIX.length, CONTEXT);
  }
}
