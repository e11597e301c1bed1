// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.HexDigits;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.leshan.PskServer;
import io.github.lwm2mcreds.scandium.ClusterNode;
import io.github.lwm2mcreds.store.internal.PrivateFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The other servers behind the same address, if there are any. */
final class ClusterOptions {
  static final String HEADING = "%nSeveral servers behind one address:%n";

  private static final Pattern NODE =
      Pattern.compile("(\\d{1,3})=(\\[[^\\[\\]]+]|[^:\\[\\]]+):(\\d{1,5})");

  private static final int KEY_DIGITS = 64;

  @Option(
      names = "--node",
      paramLabel = "NUMBER",
      description =
          "This server's number among those of --cluster, 0 to 255. It is in the connection ids of"
              + " its devices, so it has to stay the same.")
  private Integer id;

  @Option(
      names = "--cluster",
      paramLabel = "NUMBER=HOST:PORT,...",
      description =
          "All servers behind the same address, this one included, and where they reach each other"
              + " by UDP, such as 1=10.0.0.1:5685,2=10.0.0.2:5685. A device's record that comes to"
              + " another server is forwarded to its own. With --sessions, each can be restarted"
              + " without a handshake of any device.")
  private String nodes;

  @Option(
      names = "--cluster-key",
      paramLabel = "FILE",
      description =
          "Key of the whole cluster, which authenticates what its servers send each other: 64 hex"
              + " digits in a file for its owner only, such as 'openssl rand -hex 32' prints.")
  private Path keyFile;

  @Option(
      names = "--allow-unauthenticated-cluster",
      description =
          "Believe whoever reaches this server's address in --cluster. Unsafe: they can have it"
              + " send anything to anybody.")
  private boolean allowUnauthenticated;

  /** Returns this server among the others, if the options are given. */
  Optional<ClusterNode> node(Streams streams) throws CommandException {
    if (id == null && nodes == null) {
      if (keyFile != null || allowUnauthenticated) {
        throw CommandException.refused("--cluster-key needs --node and --cluster");
      }
      return Optional.empty();
    }
    if (id == null || nodes == null) {
      throw CommandException.refused("--node and --cluster need each other");
    }
    if ((keyFile == null) != allowUnauthenticated) {
      throw CommandException.refused(
          "--cluster needs either --cluster-key FILE, with the same key on every server"
              + " ('openssl rand -hex 32' prints one), or --allow-unauthenticated-cluster");
    }
    return Optional.of(describe(streams));
  }

  private ClusterNode describe(Streams streams) throws CommandException {
    Map<Integer, InetSocketAddress> addresses = addresses();
    byte[] key = keyFile == null ? new byte[0] : key();
    try {
      if (keyFile != null) {
        return ClusterNode.of(id, addresses, key);
      }
      streams.warn(
          "what comes to this server's address in --cluster is not authenticated: anyone who"
              + " reaches it can have the server send anything to anybody");
      return ClusterNode.unauthenticated(id, addresses);
    } catch (IllegalArgumentException e) {
      throw CommandException.refused("--cluster: " + e.getMessage(), e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private Map<Integer, InetSocketAddress> addresses() throws CommandException {
    Map<Integer, InetSocketAddress> addresses = new LinkedHashMap<>();
    for (String each : nodes.split(",")) {
      Matcher parts = NODE.matcher(each.strip());
      if (!parts.matches() || !isPort(parts.group(3))) {
        throw CommandException.refused(
            "--cluster: '"
                + Printable.escape(each)
                + "' is not NUMBER=HOST:PORT, such as 1=10.0.0.1:5685");
      }
      InetSocketAddress address =
          new InetSocketAddress(parts.group(2), Integer.parseInt(parts.group(3)));
      if (addresses.put(Integer.valueOf(parts.group(1)), address) != null) {
        throw CommandException.refused("--cluster: two servers have number " + parts.group(1));
      }
    }
    return addresses;
  }

  private static boolean isPort(String digits) {
    int port = Integer.parseInt(digits);
    return port > 0 && port <= 0xffff;
  }

  /** Reads the key, which the caller wipes. */
  private byte[] key() throws CommandException {
    byte[] content = InputFile.read(keyFile);
    try {
      Optional<String> mode = PrivateFiles.widerMode(keyFile);
      if (mode.isPresent()) {
        throw CommandException.refused(
            InputFile.name(keyFile)
                + ": others can use this key: its mode is "
                + mode.get()
                + "; set it to 600 if nobody has read it");
      }
      int length = content.length;
      while (length > 0 && (content[length - 1] == '\n' || content[length - 1] == '\r')) {
        length--;
      }
      if (length != KEY_DIGITS || HexDigits.indexOfNonDigit(content, 0, length) >= 0) {
        throw CommandException.refused(
            InputFile.name(keyFile)
                + ": does not hold the 64 hex digits of a key, and nothing else; 'openssl rand"
                + " -hex 32' prints some");
      }
      return HexDigits.decode(content, 0, length);
    } catch (IOException e) {
      throw Rights.reading(keyFile, e);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  /** Adds this server's place in the cluster, if it has one. */
  static void add(PskServer.Builder server, Optional<ClusterNode> node, ServeEvents events) {
    node.ifPresent(
        described -> {
          server.cluster(described);
          events.node(described.id(), described.address());
        });
  }
}
