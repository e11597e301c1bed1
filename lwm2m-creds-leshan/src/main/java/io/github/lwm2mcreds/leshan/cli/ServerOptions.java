// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** A running Leshan server that a command reads or changes, and how to reach it. */
final class ServerOptions {
  static final String HEADING = "%nServer:%n";

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "The server, such as https://leshan.example:8443.")
  private String server;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "Certificate of the server's CA, or of the server itself, in PEM; trusted instead of the"
              + " Java runtime's authorities.")
  private Path ca;

  @Option(
      names = "--header",
      paramLabel = "NAME:@FILE",
      description =
          "Header for a proxy in front of the server, with its value in a file, such as"
              + " Authorization:@token.")
  private String header;

  @Option(
      names = "--pin",
      paramLabel = "SHA256",
      description =
          "Fingerprint of the server's own certificate, as 'serve --provisioning-port' prints it;"
              + " trusted instead of the Java runtime's authorities.")
  private String pin;

  @Option(
      names = "--bearer-token",
      paramLabel = "@FILE|-",
      description = "Token that 'access add' made for this client, in a file or on standard input.")
  private String bearerToken;

  @ArgGroup(exclusive = false)
  private ClientKeyOptions clientKey = new ClientKeyOptions();

  @Option(
      names = "--allow-plain-http",
      description = "Send keys in clear over the network. Unsafe; not needed for this machine.")
  private boolean allowPlainHttp;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "Time for one request; the server's list of many devices may take longer. Default:"
              + " ${DEFAULT-VALUE}.")
  private int timeout;

  boolean isGiven() {
    return server != null;
  }

  /** Returns the server's address as it was typed. */
  String address() {
    return server;
  }

  LeshanSecurityApi api(Streams streams) throws CommandException {
    return api(false, streams);
  }

  /**
   * Makes a client of the server.
   *
   * @param allowUnremovable whether it puts endpoints that it can never remove
   */
  LeshanSecurityApi api(boolean allowUnremovable, Streams streams) throws CommandException {
    if (server == null) {
      throw CommandException.refused("missing: --server URL (try --help)");
    }
    try {
      LeshanSecurityApi.Builder builder =
          LeshanSecurityApi.builder(new URI(server)).requestTimeout(Duration.ofSeconds(timeout));
      if (ca != null) {
        builder.trust(ca);
      }
      if (allowUnremovable) {
        builder.allowUnremovableEndpoints();
      }
      if (pin != null) {
        builder.pin(pin);
      }
      addWhoCalls(builder, streams);
      return build(builder, streams);
    } catch (URISyntaxException e) {
      throw CommandException.refused("--server must be a URL like https://leshan.example:8443", e);
    } catch (IllegalArgumentException e) {
      throw CommandException.refused(e.getMessage(), e);
    } catch (IOException e) {
      throw Rights.reading(ca, e);
    }
  }

  /** Allows plain HTTP only where the builder would refuse it. */
  private LeshanSecurityApi build(LeshanSecurityApi.Builder builder, Streams streams)
      throws CommandException {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      if (ca == null && pin == null && !clientKey.isGiven() && allowPlainHttp) {
        streams.warn(
            "keys go over the network in clear: anyone who sees the traffic can read them");
        return builder.allowPlainHttp().build();
      }
      throw CommandException.refused(
          e.getMessage() + (ca == null ? " with --allow-plain-http" : ""), e);
    }
  }

  /** Adds what proves to the server, or to a proxy, who calls. */
  private void addWhoCalls(LeshanSecurityApi.Builder builder, Streams streams)
      throws CommandException {
    if (header != null && bearerToken != null) {
      throw CommandException.refused("give either --header or --bearer-token");
    }
    if (header != null) {
      addHeader(builder);
    }
    if (bearerToken != null) {
      char[] value = bearer(SecretInput.line("--bearer-token", bearerToken, streams));
      builder.header("Authorization", value::clone);
    }
    clientKey.addTo(builder, streams);
  }

  private static char[] bearer(char[] token) {
    char[] value = Arrays.copyOf("Bearer ".toCharArray(), 7 + token.length);
    System.arraycopy(token, 0, value, 7, token.length);
    Arrays.fill(token, '\0');
    return value;
  }

  private void addHeader(LeshanSecurityApi.Builder builder) throws CommandException {
    int separator = header.indexOf(":@");
    if (separator < 1) {
      throw CommandException.refused(
          "--header must be a name and a file, such as Authorization:@token");
    }
    byte[] content = InputFile.read(InputFile.path(header.substring(separator + 2)));
    CharBuffer value = StandardCharsets.ISO_8859_1.decode(ByteBuffer.wrap(content));
    Arrays.fill(content, (byte) 0);
    int end = value.limit();
    while (end > 0 && value.get(end - 1) <= ' ') {
      end--;
    }
    char[] stripped = Arrays.copyOf(value.array(), end);
    Arrays.fill(value.array(), '\0');
    builder.header(header.substring(0, separator), stripped::clone);
  }
}
