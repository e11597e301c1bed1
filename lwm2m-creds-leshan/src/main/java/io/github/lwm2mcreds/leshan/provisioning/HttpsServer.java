// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.leshan.provisioning.Refusal.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty, with one HTTPS connector, few threads and small buffers. */
final class HttpsServer implements AutoCloseable {
  private static final int MAX_THREADS = 24;
  private static final int MIN_THREADS = 4;
  private static final long SWEEP_MILLIS = 500;

  private final Server server;
  private final ServerConnector connector;
  private final ConnectionGuard connections;

  HttpsServer(
      InetSocketAddress address,
      SslContextFactory.Server tls,
      CredentialCalls calls,
      Authentication authentication,
      Limits limits) {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
    threads.setName("lwm2m-creds provisioning");
    threads.setDaemon(true);
    server = new Server(threads, null, new WipingBufferPool());
    server.setErrorHandler(HttpsServer::error);
    connections = new ConnectionGuard(limits, System::nanoTime);
    server.setHandler(
        new ProvisioningHandler(calls, authentication, connections, limits, System::nanoTime));
    connector =
        new ServerConnector(
            server,
            1,
            1,
            new SslConnectionFactory(tls, "http/1.1"),
            new HttpConnectionFactory(configuration()));
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(limits.requestTime().toMillis());
    connector.addBean(connections);
    connector.addBean(new HandshakeFailures());
    server.addConnector(connector);
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(Limits.HEADER_BYTES);
    http.setUseInputDirectByteBuffers(false);
    http.setUriCompliance(UriCompliance.UNSAFE); // names are decoded here, and lead to no file
    return http;
  }

  void start() throws IOException {
    try {
      server.start();
      sweepLater();
    } catch (IOException e) {
      close();
      throw e;
    } catch (Exception e) {
      close();
      throw new IOException("the provisioning server cannot start", e);
    }
  }

  private void sweepLater() {
    server.getScheduler().schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    try {
      connections.sweep();
    } finally {
      if (server.isRunning()) {
        sweepLater();
      }
    }
  }

  ConnectionGuard connections() {
    return connections;
  }

  int port() {
    return connector.getLocalPort();
  }

  /** Answers what is no HTTP, or too long for a request. */
  private static boolean error(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    String text = HttpStatus.getMessage(status);
    boolean isGone = request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof IOException;
    if (!isGone) {
      ProvisioningEvents.refused(
          request.getConnectionMetaData().getRemoteSocketAddress(),
          Optional.empty(),
          new Refusal(
              HttpStatus.isServerError(status) ? Reason.FAILED : Reason.NOT_UNDERSTOOD,
              status,
              text));
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
    response.write(true, ByteBuffer.wrap((text + "\n").getBytes(US_ASCII)), callback);
    return true;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the provisioning server cannot stop", e);
    }
  }
}
