// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** The body of a request, bounded, and overwritten when it is closed. */
final class RequestBody implements AutoCloseable {
  private final byte[] bytes = new byte[Limits.BODY_BYTES + 1];
  private final int length;

  private RequestBody(Request request) throws IOException {
    try (InputStream in = Content.Source.asInputStream(request)) {
      length = in.readNBytes(bytes, 0, bytes.length);
    }
  }

  /** Reads a body; one that says that it is too large is not read. */
  static RequestBody read(Request request) throws IOException, Refusal {
    if (request.getLength() > Limits.BODY_BYTES) {
      throw tooLarge();
    }
    RequestBody body = inTime(request);
    if (body.length > Limits.BODY_BYTES) {
      body.close();
      throw tooLarge();
    }
    return body;
  }

  private static RequestBody inTime(Request request) throws IOException, Refusal {
    try {
      return new RequestBody(request);
    } catch (IOException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new Refusal(
            Refusal.Reason.TOO_SLOW,
            408,
            "the body did not come in time",
            Map.of("Connection", "close"));
      }
      throw e;
    }
  }

  private static Refusal tooLarge() {
    return new Refusal(
        Refusal.Reason.TOO_LARGE,
        413,
        "the body is larger than " + Limits.BODY_BYTES + " bytes, and a credential is not");
  }

  /** Returns the array itself, which has more room than the body. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }
}
