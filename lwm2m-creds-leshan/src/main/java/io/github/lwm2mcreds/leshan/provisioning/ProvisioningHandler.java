// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.lwm2mcreds.leshan.provisioning.Refusal.Reason;
import io.github.lwm2mcreds.leshan.provisioning.Route.Action;
import io.github.lwm2mcreds.store.CredentialStoreException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers calls: who calls, how often, what for, and only then what the body says. */
final class ProvisioningHandler extends Handler.Abstract {
  private static final String TEXT = "text/plain;charset=utf-8";
  private static final int LIST_BUFFER = 1 << 15;
  private static final String JSON = "application/json";

  private final CredentialCalls calls;
  private final Authentication authentication;
  private final ConnectionGuard connections;
  private final Limits limits;
  private final Allowance<String> ofCallers;
  private final Allowance<Optional<Network>> failures;
  private final Semaphore lists = new Semaphore(Limits.LISTS);
  private final AtATime<String> bodies = new AtATime<>(Limits.BODIES_OF_ONE, Limits.BODIES);

  ProvisioningHandler(
      CredentialCalls calls,
      Authentication authentication,
      ConnectionGuard connections,
      Limits limits,
      LongSupplier nanoTime) {
    this.calls = calls;
    this.authentication = authentication;
    this.connections = connections;
    this.limits = limits;
    int rate = limits.requestsPerSecond();
    this.ofCallers = new Allowance<>(2.0 * rate, rate, AccessList.MAX_ENTRIES, nanoTime);
    this.failures =
        new Allowance<>(
            Limits.FAILURES_AT_ONCE, Limits.FAILURES_PER_SECOND, Limits.ADDRESSES, nanoTime);
  }

  /** One request and how it is answered. */
  private record Exchange(Request request, Response response, Callback callback) {
    SocketAddress peer() {
      return request.getConnectionMetaData().getRemoteSocketAddress();
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Exchange exchange = new Exchange(request, response, callback);
    Request.addCompletionListener(
        request, failure -> connections.answered(request.getConnectionMetaData().getConnection()));
    Optional<AccessEntry> caller = Optional.empty();
    try {
      caller = Optional.of(authentication.caller(request));
      serve(exchange, caller.get());
    } catch (Refusal e) {
      refuse(exchange, caller, e);
    } catch (IOException e) { // the caller is gone, or too slow
      callback.failed(e);
    } catch (RuntimeException e) {
      refuse(
          exchange,
          caller,
          Refusal.failed(Reason.FAILED, 500, "the server failed; its log tells why", e));
    }
    return true;
  }

  private void serve(Exchange exchange, AccessEntry caller) throws Refusal, IOException {
    if (!ofCallers.take(caller.actor())) {
      throw Refusal.tooFast(
          "more than " + limits.requestsPerSecond() + " requests a second; wait, and go on");
    }
    Request request = exchange.request;
    Route route =
        Route.of(
            request.getMethod(), request.getHttpURI().getPath(), request.getHttpURI().getQuery());
    CredentialCalls.requireAllowed(caller, route);
    connections.proven(
        request.getConnectionMetaData().getConnection(),
        route.action() == Action.LIST ? limits.listTime() : limits.requestTime());
    switch (route.action()) {
      case LIST -> list(exchange);
      case PUT -> {
        try (RequestBody body = read(request, caller)) {
          calls.put(caller, route, body.bytes(), body.length());
        }
        answer(exchange, 200, "", TEXT);
      }
      case REMOVE -> answer(exchange, 200, calls.remove(caller, route.endpoint()), JSON);
      case REVOKE -> {
        calls.revoke(caller, route);
        answer(exchange, 200, "", TEXT);
      }
    }
  }

  /** Waits for a body, which takes a thread: so of few at a time, and of fewer for one caller. */
  private RequestBody read(Request request, AccessEntry caller) throws Refusal, IOException {
    if (!bodies.begin(caller.actor())) {
      throw Refusal.tooFast("other bodies are being waited for; wait, and go on");
    }
    try {
      return RequestBody.read(request);
    } finally {
      bodies.end(caller.actor());
    }
  }

  private void list(Exchange exchange) throws Refusal, IOException {
    if (!lists.tryAcquire()) {
      throw Refusal.tooFast("other lists are being sent; wait, and ask again");
    }
    try {
      exchange.response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
      OutputStream out =
          new BufferedOutputStream(Content.Sink.asOutputStream(exchange.response), LIST_BUFFER);
      calls.list(out);
      out.close();
      exchange.callback.succeeded();
    } catch (CredentialStoreException e) {
      throw CredentialCalls.failed(e);
    } finally {
      lists.release();
    }
  }

  /** Refuses a call; who has failed several times waits for the answer, which holds no thread. */
  private void refuse(Exchange exchange, Optional<AccessEntry> caller, Refusal refusal) {
    ProvisioningEvents.refused(exchange.peer(), caller, refusal);
    if (exchange.response.isCommitted()) { // a part of a list is sent, which can only be cut off
      exchange.callback.failed(refusal);
      return;
    }
    refusal.headers().forEach((name, value) -> exchange.response.getHeaders().put(name, value));
    Runnable answer = () -> answer(exchange, refusal.status(), refusal.getMessage() + "\n", TEXT);
    if (refusal.reason() == Reason.NOT_AUTHENTICATED
        && !failures.take(ConnectionGuard.network(exchange.peer()))) {
      exchange
          .request
          .getComponents()
          .getScheduler()
          .schedule(answer, limits.failureDelay().toMillis(), TimeUnit.MILLISECONDS);
    } else {
      answer.run();
    }
  }

  private static void answer(Exchange exchange, int status, String text, String type) {
    exchange.response.setStatus(status);
    if (!text.isEmpty()) {
      exchange.response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    }
    exchange.response.write(true, ByteBuffer.wrap(text.getBytes(UTF_8)), exchange.callback);
  }
}
