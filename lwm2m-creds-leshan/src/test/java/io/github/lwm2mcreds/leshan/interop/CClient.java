// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import io.github.lwm2mcreds.DtlsStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One of our own clients in C with somebody else's library.
 *
 * @param lacking what it has not, with reasons
 */
record CClient(
    String name, DtlsStack stack, List<PskSuite> suites, Map<InteropCase, String> lacking)
    implements PeerClient {
  private static final Map<DtlsStack, Path> COMPILED = new EnumMap<>(DtlsStack.class);

  @Override
  public void require() throws Exception {
    client();
  }

  /** Compiles it when it is first needed. */
  private Path client() throws IOException, InterruptedException {
    synchronized (COMPILED) {
      if (!COMPILED.containsKey(stack)) {
        Path folder = Files.createDirectories(Path.of("target", "interop", "stacks"));
        COMPILED.put(stack, stack.compile(folder.toAbsolutePath()));
      }
      return COMPILED.get(stack);
    }
  }

  @Override
  public String version() throws Exception {
    String output = PeerProcess.run(client().toString(), "version").strip();
    return output.substring(output.lastIndexOf(' ') + 1);
  }

  @Override
  public Optional<String> lacks(InteropCase what) {
    return Optional.ofNullable(lacking.get(what));
  }

  @Override
  public PeerSession connect(Hello hello) throws Exception {
    HexFormat hex = HexFormat.of();
    return new LineSession(
        new PeerProcess(
            List.of(
                client().toString(),
                String.valueOf(hello.port()),
                hex.formatHex(hello.identity()),
                hex.formatHex(hello.key()),
                hello.suite().word())));
  }
}
