// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why serve cannot listen. */
class BindFailureTest {
  private static String message(int port, Exception cause) {
    return BindFailure.of("127.0.0.1:" + port, port, new IllegalStateException(cause)).getMessage();
  }

  @Test
  void lowPort_needsARight_thatIsNamed() {
    assertThat(message(684, new SocketException("Permission denied")))
        .startsWith("cannot listen on 127.0.0.1:684: the user '")
        .contains("ports below 1024", "CAP_NET_BIND_SERVICE", "--coaps-port");
    assertThat(message(5684, new SocketException("Permission denied")))
        .doesNotContain("1024")
        .contains("does not permit");
  }

  @Test
  void portInUse_andForeignAddress_areToldApart() {
    assertThat(message(5684, new BindException("Address already in use (Bind failed)")))
        .contains("another process uses the port");
    assertThat(message(5684, new BindException("Cannot assign requested address")))
        .contains("not this machine's");
    assertThat(message(5684, new BindException("?"))).contains("may be in use", "or the address");
  }

  @Test
  void serve_onATakenPortOrAForeignAddress_saysWhichItIs(@TempDir Path folder) throws Exception {
    String partition = TestStore.init(folder).partition("ep", TestStore.TOKEN);
    try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(Cli.run("serve", "--coaps-port", port, "--partition", partition).err())
          .contains("cannot listen on 127.0.0.1:" + port, "another process uses the port");
    }
    assertThat(
            Cli.run("serve", "--host=192.0.2.1", "--coaps-port=0", "--partition", partition).err())
        .contains("the address is not this machine's");
  }
}
