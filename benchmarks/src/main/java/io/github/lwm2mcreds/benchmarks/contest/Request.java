// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.benchmarks.fleet.Fleet;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;

/** What a device sends after its handshake. */
public interface Request {
  byte[] of(int device);

  boolean isAnswered(byte[] answer);

  static Request to(ServerSpec.Peer peer) {
    return switch (peer) {
      case LWM2M_CREDS_SERVER, LESHAN_SERVER -> new Registration();
      default -> new Echo();
    };
  }

  /** One byte, which the server sends back. */
  final class Echo implements Request {
    @Override
    public byte[] of(int device) {
      return new byte[] {1};
    }

    @Override
    public boolean isAnswered(byte[] answer) {
      return answer.length == 1;
    }
  }

  /** The registration of an LwM2M device, which is answered with 2.01 Created. */
  final class Registration implements Request {
    private static final int CODE_OFFSET = 1;
    private final AtomicInteger messageId = new AtomicInteger();

    @Override
    public byte[] of(int device) {
      org.eclipse.californium.core.coap.Request request =
          org.eclipse.californium.core.coap.Request.newPost();
      request.setMID(messageId.incrementAndGet() & 0xffff);
      request.setToken(new Token(new byte[] {1}));
      request.getOptions().addUriPath("rd");
      request.getOptions().addUriQuery("ep=" + Fleet.endpoint(device));
      request.getOptions().addUriQuery("lt=300");
      request.getOptions().addUriQuery("lwm2m=1.1");
      request.getOptions().addUriQuery("b=U");
      request.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_LINK_FORMAT);
      request.setPayload("</1/0>,</3/0>".getBytes(US_ASCII));
      return new UdpDataSerializer().getByteArray(request);
    }

    @Override
    public boolean isAnswered(byte[] answer) {
      return answer.length > CODE_OFFSET
          && (answer[CODE_OFFSET] & 0xff) == ResponseCode.CREATED.value;
    }
  }
}
