// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.leshan.migration.RedisConnection.RefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Settings of {@link LeshanRedis}. */
public final class RedisBuilder {
  private final String host;
  private final int port;
  private KeyPolicy policy = KeyPolicy.strict();
  private Optional<String> prefix = Optional.empty();
  private String user; // null for Redis's default user
  private char[] password; // null for none
  private int database;
  private boolean isPlain;
  private boolean allowsPlain;
  private SSLSocketFactory tls; // null for the JVM's own
  private Duration timeout = Duration.ofSeconds(30);

  RedisBuilder(String host, int port) {
    this.host = Objects.requireNonNull(host, "host");
    this.port = port;
  }

  /**
   * Sets the keys that are taken.
   *
   * @param newPolicy the policy; by default the strict one
   * @return this
   */
  public RedisBuilder keyPolicy(KeyPolicy newPolicy) {
    policy = Objects.requireNonNull(newPolicy, "newPolicy");
    return this;
  }

  /**
   * Sets what the names of the infos in Redis begin with, for a store that was built with prefixes
   * of its own.
   *
   * @param newPrefix all that stands before the endpoint. By default it is found out: {@code
   *     SECSTORE#SEC#EP#} of a store that was made by a builder in Leshan 2, or else {@code
   *     SEC#EP#}
   * @return this
   */
  public RedisBuilder prefix(String newPrefix) {
    prefix = Optional.of(newPrefix);
    return this;
  }

  /**
   * Sets the password.
   *
   * @param newPassword kept until the source was opened; the caller may wipe it then
   * @return this
   */
  public RedisBuilder password(char[] newPassword) {
    password = Objects.requireNonNull(newPassword, "newPassword");
    return this;
  }

  /**
   * Sets the user whose password it is.
   *
   * @param newUser by default Redis's own default user
   * @return this
   */
  public RedisBuilder user(String newUser) {
    user = Objects.requireNonNull(newUser, "newUser");
    return this;
  }

  /**
   * Sets the database.
   *
   * @param newDatabase its number, by default 0
   * @return this
   */
  public RedisBuilder database(int newDatabase) {
    database = newDatabase;
    return this;
  }

  /**
   * Sets whose certificates are trusted.
   *
   * @param context by default the JVM's own
   * @return this
   */
  public RedisBuilder tls(SSLContext context) {
    tls = context.getSocketFactory();
    return this;
  }

  /**
   * Connects without TLS, which is refused unless the server is on this machine.
   *
   * @return this
   */
  public RedisBuilder plain() {
    isPlain = true;
    return this;
  }

  /**
   * Connects without TLS, wherever the server is. Unsafe: whoever sees the traffic has the keys.
   *
   * @return this
   */
  public RedisBuilder allowPlain() {
    isPlain = true;
    allowsPlain = true;
    return this;
  }

  /**
   * Sets how long connecting, and each answer, may take.
   *
   * @param newTimeout by default 30 seconds
   * @return this
   */
  public RedisBuilder timeout(Duration newTimeout) {
    timeout = Objects.requireNonNull(newTimeout, "newTimeout");
    return this;
  }

  /**
   * Connects.
   *
   * @return what Redis has, to be closed
   * @throws SourceException if the server cannot be reached or refuses, if it would get keys in
   *     clear from another machine, or if the infos of two stores are there
   * @throws IOException if it cannot be read
   */
  public LeshanRedis open() throws IOException {
    Socket socket = connect();
    try {
      RedisConnection redis = new RedisConnection(socket);
      logIn(redis);
      return new LeshanRedis(redis, prefix, policy);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private Socket connect() throws IOException {
    InetAddress address = InetAddress.getByName(host);
    if (isPlain && !allowsPlain && !address.isLoopbackAddress()) {
      throw new SourceException(
          SourceException.Reason.UNAVAILABLE,
          "keys would come from " + host + " in clear: use TLS, or allow it");
    }
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address, port), millis());
      socket.setSoTimeout(millis());
      return isPlain ? socket : secured(socket);
    } catch (IOException e) {
      socket.close();
      throw new SourceException(
          SourceException.Reason.UNAVAILABLE,
          "Redis at " + host + ":" + port + " cannot be reached: " + e.getMessage(),
          e);
    }
  }

  private int millis() {
    return Math.toIntExact(timeout.toMillis());
  }

  private Socket secured(Socket plain) throws IOException {
    SSLSocketFactory factory = tls == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : tls;
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private void logIn(RedisConnection redis) throws IOException {
    try {
      if (password != null) {
        authenticate(redis);
      }
      if (database != 0) {
        redis.send(
            RedisConnection.ascii("SELECT"), RedisConnection.ascii(Integer.toString(database)));
      }
    } catch (RefusedException e) {
      throw new SourceException(
          SourceException.Reason.UNAVAILABLE, "Redis refused: " + e.getMessage(), e);
    }
  }

  private void authenticate(RedisConnection redis) throws IOException, RefusedException {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
    byte[] secret = Arrays.copyOf(encoded.array(), encoded.limit());
    Arrays.fill(encoded.array(), (byte) 0);
    byte[] command = RedisConnection.ascii("AUTH");
    try {
      if (user == null) {
        redis.send(command, secret);
      } else {
        redis.send(command, user.getBytes(StandardCharsets.UTF_8), secret);
      }
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }
}
