// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;

/** A session of one of our own clients, which follow lines: see {@code stacks/peer.h}. */
final class LineSession implements PeerSession {
  private static final List<String> ENDS = List.of("connected", "answered", "silent");

  private final PeerProcess process;
  private int told;

  LineSession(PeerProcess process) {
    this.process = process;
  }

  /** Waits for the answer to the last line, or to the start. */
  private String answer() throws InterruptedException {
    told++;
    return process.prints(text -> answers(text).size() >= told)
        ? answers(process.output()).get(told - 1)
        : "";
  }

  private static List<String> answers(String text) {
    return text.lines().filter(ENDS::contains).toList();
  }

  private boolean isConnected() throws InterruptedException {
    return told > 0 || answer().equals("connected");
  }

  private String tell(String line) throws InterruptedException {
    process.write((line + "\n").getBytes(US_ASCII));
    return answer();
  }

  @Override
  public boolean request() throws InterruptedException {
    return isConnected()
        && tell("request " + Integer.toHexString(CoapRequest.next().id())).equals("answered");
  }

  @Override
  public PeerSession resume() throws InterruptedException {
    tell("resume"); // if it fails, there is no answer to the next request
    return this;
  }

  @Override
  public void close() {
    process.close();
  }
}
