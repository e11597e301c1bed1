// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lwm2mcreds.Peers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** {@code node-dtls-client} from npm. */
final class NodeClient implements PeerClient {
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "client.mjs");

  private final Path folder = Path.of("target", "interop", "node").toAbsolutePath();

  @Override
  public String name() {
    return "node-dtls-client";
  }

  /** Installs it once. */
  @Override
  public void require() throws IOException, InterruptedException {
    Peers.require("node");
    Peers.require("npm");
    Files.createDirectories(folder);
    for (String file : FILES) {
      try (InputStream in = NodeClient.class.getResourceAsStream("/interop/node/" + file)) {
        Files.write(folder.resolve(file), in.readAllBytes());
      }
    }
    if (!Files.exists(installed())) {
      PeerProcess.run(
          "npm",
          "--prefix",
          folder.toString(),
          "install",
          "--omit=optional",
          "--ignore-scripts",
          "--no-audit",
          "--no-fund");
    }
    Peers.require(Files.exists(installed()), "npm could not install node-dtls-client");
  }

  private Path installed() {
    return folder.resolve("node_modules/node-dtls-client/package.json");
  }

  @Override
  public String version() throws IOException {
    return new ObjectMapper().readTree(installed().toFile()).get("version").asText();
  }

  @Override
  public List<PskSuite> suites() {
    return List.of(PskSuite.CCM_8, PskSuite.CBC);
  }

  @Override
  public Optional<String> lacks(InteropCase what) {
    return switch (what) {
      case ECDHE -> Optional.of("it has no ECDHE");
      case CONNECTION_ID -> Optional.of("it has no connection ids");
      case RESUMPTION -> Optional.of("it resumes no session");
      default -> Optional.empty();
    };
  }

  @Override
  public PeerSession connect(Hello hello) {
    HexFormat hex = HexFormat.of();
    return new LineSession(
        new PeerProcess(
            List.of(
                "node",
                folder.resolve("client.mjs").toString(),
                String.valueOf(hello.port()),
                hex.formatHex(hello.identity()),
                hex.formatHex(hello.key()),
                hello.suite().word())));
  }
}
