// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.fleet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import io.github.lwm2mcreds.scandium.PskServerConnector;
import io.github.lwm2mcreds.scandium.ScandiumPskStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.dtls.Connection;

/**
 * The saved sessions of a {@link Fleet}, as a {@link PskServerConnector} writes them: one session
 * is real, and the others are made of it, each with an address, ids, an identity and a check value
 * of its own.
 */
public final class SavedSessions extends InputStream {
  private static final long SECONDS_TO_CONNECT = 20;

  /** The device whose session is real; no part of its name is anywhere else in it. */
  private static final int REAL = 0x7eadbeef;

  private final byte[] real;
  private final byte[] connectionId;
  private final byte[] sessionId;
  private final byte[] address = InetAddress.getLoopbackAddress().getAddress();
  private final int devices;
  private int device;
  private byte[] record = new byte[0];
  private int position;

  /** Connects one device, and counts on from it. */
  public SavedSessions(int devices) throws IOException {
    this.devices = devices;
    InMemoryCredentialStore store = new InMemoryCredentialStore();
    store.put(Fleet.credential(REAL));
    InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    PskServerConnector server =
        new PskServerConnector(
            LwM2mDtls.server(anywhere, new ScandiumPskStore(store)).build(), store);
    CompletableFuture<Connection> connected = new CompletableFuture<>();
    server.setRawDataReceiver(
        received ->
            server.startForEach(
                connection -> {
                  connected.complete(connection);
                  return false;
                }));
    server.start();
    connect(server.getAddress(), anywhere, connected);
    Connection connection = connected.join();
    connectionId = connection.getConnectionId().getBytes();
    sessionId = connection.getEstablishedSessionIdentifier().getBytes();
    server.stop();
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    server.save(saved, Integer.MAX_VALUE);
    server.destroy();
    real = Arrays.copyOf(saved.toByteArray(), saved.size() - 1); // without the end
  }

  private static void connect(
      InetSocketAddress server, InetSocketAddress own, CompletableFuture<Connection> connected)
      throws IOException {
    DTLSConnector device =
        new DTLSConnector(LwM2mDtls.device(Fleet.credential(REAL)).setAddress(own).build());
    device.setRawDataReceiver(received -> {});
    device.start();
    try {
      device.send(RawData.outbound(new byte[1], new AddressEndpointContext(server), null, false));
      connected.get(SECONDS_TO_CONNECT, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IOException("the device has not connected", e);
    } finally {
      device.destroy();
    }
  }

  @Override
  public int read() {
    if (position == record.length && !next()) {
      return -1;
    }
    return record[position++] & 0xff;
  }

  private boolean next() {
    if (device > devices) {
      return false;
    }
    record = device == devices ? new byte[1] : session(device);
    position = 0;
    device++;
    return true;
  }

  private byte[] session(int number) {
    byte[] other = real.clone();
    replace(other, Fleet.identity(REAL), Fleet.identity(number));
    replace(other, checkValue(REAL), checkValue(number));
    replace(other, connectionId, numbered(connectionId, number));
    replace(other, sessionId, numbered(sessionId, number));
    replace(other, address, ByteBuffer.allocate(4).putInt(0x7f000000 | number + 2).array());
    return other;
  }

  private static byte[] checkValue(int device) {
    return PreSharedKey.copyOf(Fleet.key(device)).checkValue().toString().getBytes(US_ASCII);
  }

  /** Ids are random, and those that only count on would share the places of hash tables. */
  private static byte[] numbered(byte[] id, int number) {
    byte[] other = id.clone();
    new Random(number).nextBytes(other);
    ByteBuffer.wrap(other).putInt(number * 0x9e3779b1);
    return other;
  }

  private static void replace(byte[] bytes, byte[] old, byte[] other) {
    boolean found = false;
    for (int i = 0; i + old.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + old.length, old, 0, old.length)) {
        System.arraycopy(other, 0, bytes, i, other.length);
        found = true;
      }
    }
    if (!found) {
      throw new IllegalStateException("a saved session is other than expected");
    }
  }
}
