// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.TestCredentials.KEY_HEX;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.leshan.internal.WipingBuffers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretHandlingTest {
  private static final byte[] HEX = KEY_HEX.getBytes(StandardCharsets.US_ASCII);

  @Test
  void body_closed_isWiped() {
    List<ByteBuffer> sent = new ArrayList<>();
    try (SecretBody body = new SecretBody(Dialect.NEWER, credential("dev-1"), HEX)) {
      body.subscribe(
          new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
              subscription.request(2);
            }

            @Override
            public void onNext(ByteBuffer buffer) {
              sent.add(buffer);
            }

            @Override
            public void onError(Throwable error) {
              throw new AssertionError(error);
            }

            @Override
            public void onComplete() {
              sent.add(null);
            }
          });
      assertThat(sent).hasSize(2).last().isNull();
      assertThat(body.contentLength()).isEqualTo(sent.get(0).remaining());
      assertThat(StandardCharsets.UTF_8.decode(sent.get(0).duplicate()).toString())
          .contains(KEY_HEX);
    }
    byte[] left = new byte[sent.get(0).remaining()];
    sent.get(0).get(left);

    assertThat(left).containsOnly(0);
  }

  @Test
  void writing_done_leavesNothingInTheWorkingBuffer() {
    List<byte[]> buffers = new ArrayList<>();
    Dialect.OLDER.write(
        credential("dev-1"),
        HEX,
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] buffer, int offset, int length) {
            buffers.add(buffer);
            super.write(buffer, offset, length);
          }
        });

    assertThat(buffers)
        .isNotEmpty()
        .allSatisfy(buffer -> assertThat(buffer).hasSizeGreaterThan(100).containsOnly(0));
  }

  @Test
  void parsing_done_leavesNothingInTheWorkingBuffer() throws Exception {
    List<byte[]> buffers = new ArrayList<>();
    String json = "[{\"endpoint\":\"e\",\"psk\":{\"identity\":\"i\",\"key\":\"" + KEY_HEX + "\"}}]";
    List<SecurityEntry> entries =
        SecurityListParser.parse(
            URI.create("http://localhost"),
            new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)) {
              @Override
              public synchronized int read(byte[] buffer, int offset, int length) {
                buffers.add(buffer);
                return super.read(buffer, offset, length);
              }
            });

    assertThat(entries).hasSize(1);
    assertThat(buffers).isNotEmpty().allSatisfy(buffer -> assertThat(buffer).containsOnly(0));
  }

  @Test
  void charBuffer_givenBack_isWiped() {
    char[] buffer = KEY_HEX.toCharArray();

    new WipingBuffers().releaseCharBuffer(0, buffer);

    assertThat(buffer).containsOnly('\0');
  }

  @Test
  void draft_takesAKey_andWipesWhereItCameFrom() {
    char[] buffer = ("xx" + KEY_HEX + "yy").toCharArray();
    EntryDraft draft = new EntryDraft();
    draft.endpoint("e");
    draft.mode(SecurityEntry.Mode.PSK).takeKey(buffer, 2, KEY_HEX.length());

    assertThat(String.valueOf(buffer)).isEqualTo("xx" + "\0".repeat(KEY_HEX.length()) + "yy");
    assertThat(draft.finish().psk().orElseThrow().length()).isEqualTo(16);
    draft.close();
    assertThat(draft.finish().psk()).isEmpty();
  }

  @Test
  void plainHttp_onThisMachine_asksNoProxy() throws Exception {
    List<URI> asked = new ArrayList<>();
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            asked.add(uri);
            return List.of(Proxy.NO_PROXY);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            asked.add(uri);
          }
        });
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.client().put(credential("dev-1"));
    } finally {
      ProxySelector.setDefault(before);
    }

    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "8f1d0c5be2a7349610fe6ab8c3d25974, <redacted>",
    "8F1D0C5BE2A7349610FE6AB8C3D25974!, <redacted>!",
    "near 5be2a7 here, near <redacted> here",
    "at 8f1d0 only, at 8f1d0 only",
    "x8f1d0c5b-349610fex, x<redacted>-<redacted>x",
    "PSK Identity deadbeef is odd, PSK Identity deadbeef is odd",
    "other 00112233445566778899aabb key, other <redacted> key",
    "short 001122334455667 stays, short 001122334455667 stays",
  })
  void quote_whatTheServerSaid_hasNoKeyInIt(String said, String shown) {
    assertThat(ServerText.quote(said, HEX)).isEqualTo("; it said '" + shown + "'");
  }

  @Test
  void quote_veryShortKey_isTakenOutWhole() {
    assertThat(ServerText.quote("key A1 is short", new byte[] {'a', '1'}))
        .isEqualTo("; it said 'key <redacted> is short'");
  }

  @Test
  void quote_nothingOrTooMuch_isNothing() {
    assertThat(ServerText.quote(" \n", HEX)).isEmpty();
    assertThat(ServerText.quote("x".repeat(301), HEX)).isEmpty();
  }
}
