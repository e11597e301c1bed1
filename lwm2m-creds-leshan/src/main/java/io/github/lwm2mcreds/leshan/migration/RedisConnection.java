// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.leshan.migration.SourceException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A connection to a Redis server that sends a command and waits for its answer. It needs no Redis
 * library, which would keep keys where they cannot be wiped.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">Redis serialization
 *     protocol specification, RESP2</a>
 */
final class RedisConnection implements AutoCloseable {
  private static final int MAX_LINE = 1 << 12;
  private static final int MAX_STRING = 1 << 20;
  private static final int MAX_ARRAY = 1 << 20;
  private static final int MAX_DEPTH = 4;

  private final Socket socket;
  private final WipedInput in;

  RedisConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new WipedInput(socket.getInputStream(), Long.MAX_VALUE);
  }

  /** Redis refused a command. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * Sends a command.
   *
   * @return null, a {@code Long}, a {@code String} status, a {@code byte[]} which the caller wipes,
   *     or a {@code List} of such
   */
  Object send(byte[]... words) throws IOException, RefusedException {
    ByteArrayOutputStream command = new ByteArrayOutputStream();
    command.writeBytes(ascii("*" + words.length + "\r\n"));
    int length = command.size();
    for (byte[] word : words) {
      length += ascii("$" + word.length + "\r\n").length + word.length + 2;
    }
    byte[] bytes = Arrays.copyOf(command.toByteArray(), length);
    int position = command.size();
    for (byte[] word : words) {
      position = put(ascii("$" + word.length + "\r\n"), bytes, position);
      position = put(word, bytes, position);
      position = put(ascii("\r\n"), bytes, position);
    }
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } finally {
      Arrays.fill(bytes, (byte) 0); // it may be a password
    }
    return answer(0);
  }

  private static int put(byte[] source, byte[] target, int position) {
    System.arraycopy(source, 0, target, position, source.length);
    return position + source.length;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private Object answer(int depth) throws IOException, RefusedException {
    int type = in.read();
    String line = line();
    return switch (type) {
      case '+' -> line;
      case '-' -> throw new RefusedException(Printable.escape(line));
      case ':' -> number(line);
      case '$' -> bytes(number(line));
      case '*' -> array(number(line), depth);
      default -> throw notRedis();
    };
  }

  private byte[] bytes(long length) throws IOException {
    if (length < 0) {
      return null;
    }
    if (length > MAX_STRING) {
      throw new SourceException(Reason.TOO_LARGE, "Redis sent a value of " + length + " bytes");
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length || !line().isEmpty()) {
      Arrays.fill(bytes, (byte) 0);
      throw notRedis();
    }
    return bytes;
  }

  private List<Object> array(long length, int depth) throws IOException, RefusedException {
    if (length > MAX_ARRAY || depth == MAX_DEPTH) {
      throw new SourceException(Reason.TOO_LARGE, "Redis sent a list of " + length + " values");
    }
    List<Object> values = new ArrayList<>();
    for (long i = 0; i < length; i++) {
      values.add(answer(depth + 1));
    }
    return values;
  }

  private static long number(String line) throws SourceException {
    try {
      return Long.parseLong(line);
    } catch (NumberFormatException e) {
      throw notRedis();
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\r'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("Redis closed the connection");
      }
      if (line.length() == MAX_LINE) {
        throw notRedis();
      }
      line.append((char) c);
    }
    if (in.read() != '\n') {
      throw notRedis();
    }
    return line.toString();
  }

  private static SourceException notRedis() {
    return new SourceException(Reason.OTHER_FORMAT, "the server does not answer as Redis does");
  }

  @Override
  public void close() throws IOException {
    try {
      in.close();
    } finally {
      socket.close();
    }
  }
}
