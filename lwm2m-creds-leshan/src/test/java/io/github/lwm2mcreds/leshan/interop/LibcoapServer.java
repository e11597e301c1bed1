// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.Peers;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * libcoap's {@code coap-server}, of which Debian has one for each TLS library.
 *
 * @param backEnd the TLS library, as the matrix calls it
 * @param program such as {@code coap-server-openssl}
 */
record LibcoapServer(String backEnd, String program) implements PeerServer {
  private static final Pattern VERSION = Pattern.compile(" v(\\d[\\d.]*)");

  @Override
  public String name() {
    return "libcoap, " + backEnd;
  }

  @Override
  public void require() {
    Peers.require(program);
  }

  @Override
  public String version() throws InterruptedException {
    Matcher version = VERSION.matcher(PeerProcess.run(program, "-h"));
    return version.find() ? version.group(1) : "unknown";
  }

  @Override
  public Optional<String> lacks(DeviceCase what) {
    return switch (what) {
      case KEY -> Optional.of("`coap-server` takes keys as text");
      case UNKNOWN_IDENTITY -> Optional.of("`coap-server -k` takes any identity");
      case CBC -> Optional.of("its cipher suites cannot be set");
      default -> Optional.empty();
    };
  }

  @Override
  public PeerService start(PskSuite suite, String identity, byte[] key) throws Exception {
    int plain = ProgramService.freePort();
    return ProgramService.start(
        plain + 1, // as its manual says
        "created DTLS endpoint",
        List.of(
            program,
            "-v",
            "7",
            "-A",
            "127.0.0.1",
            "-p",
            String.valueOf(plain),
            "-k",
            new String(key, US_ASCII)));
  }
}
