// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import io.github.lwm2mcreds.DeviceCredential;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Flow;

/**
 * A request body that holds a key, wiped when closed.
 *
 * <p>The HTTP client gets a view of it, where the JDK's own publishers would make a copy. Copies
 * that the client and TLS make while sending are beyond reach.
 */
final class SecretBody implements BodyPublisher, AutoCloseable {
  private final Buffer buffer = new Buffer();

  SecretBody(Dialect dialect, DeviceCredential credential, byte[] keyHex) {
    dialect.write(credential, keyHex, buffer);
  }

  @Override
  public long contentLength() {
    return buffer.size();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    subscriber.onSubscribe(
        new Flow.Subscription() {
          private boolean done;

          @Override
          public void request(long n) {
            if (done) {
              return;
            }
            done = true;
            if (n <= 0) {
              subscriber.onError(new IllegalArgumentException("requested " + n + " buffers"));
              return;
            }
            subscriber.onNext(buffer.view());
            subscriber.onComplete();
          }

          @Override
          public void cancel() {
            done = true;
          }
        });
  }

  @Override
  public void close() {
    buffer.wipe();
  }

  private static final class Buffer extends ByteArrayOutputStream {
    /** More than any credential needs, escaped; growing would leave a copy behind. */
    private static final int CAPACITY = 4096;

    Buffer() {
      super(CAPACITY);
    }

    synchronized ByteBuffer view() {
      return ByteBuffer.wrap(buf, 0, count).asReadOnlyBuffer();
    }

    synchronized void wipe() {
      Arrays.fill(buf, (byte) 0);
    }
  }
}
