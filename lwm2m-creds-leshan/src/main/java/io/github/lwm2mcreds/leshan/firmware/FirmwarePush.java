// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.firmware;

import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.DownlinkDeviceManagementRequest;
import org.eclipse.leshan.core.request.ExecuteRequest;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.request.WriteRequest;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;

/**
 * Pushes one firmware image to devices when they register: block by block, over the DTLS session
 * that the device registered with.
 *
 * <pre>{@code
 * FirmwarePush push = FirmwarePush.of(server, bytes, List.of("deadbeef")::contains, observer);
 * server.getRegistrationService().addListener(push);
 * }</pre>
 *
 * <p>A device gets it if it has the object Firmware Update and tells another version (resource
 * 5/0/7) than the image's. Whoever tells none is left alone, since it would get the image again at
 * each start. Each device is tried once; another try takes another object of this class.
 */
public final class FirmwarePush implements RegistrationListener, AutoCloseable {
  /** How many devices get the image at a time. */
  private static final int AT_A_TIME = 4;

  /** What a device takes for all blocks of 4 MB, at most. */
  private static final long TIMEOUT_MILLIS = TimeUnit.MINUTES.toMillis(30);

  private static final LwM2mPath OBJECT = new LwM2mPath(FirmwareUpdateObject.ID, 0);

  /** Is told what becomes of pushes, on threads of the push. */
  public interface Observer {
    /**
     * A device begins to get the image.
     *
     * @param endpoint the device's
     * @param version which it runs
     */
    void begun(String endpoint, String version);

    /**
     * A device has the image, has found it whole, and was told to start it.
     *
     * @param endpoint the device's
     */
    void pushed(String endpoint);

    /**
     * A device already runs the image's version.
     *
     * @param endpoint the device's
     */
    void current(String endpoint);

    /**
     * A device did not get the image, or did not take it.
     *
     * @param endpoint the device's
     * @param why such as that its integrity check failed
     */
    void failed(String endpoint, String why);
  }

  private final LeshanServer server;
  private final McubootImage image;
  private final byte[] bytes;
  private final Predicate<String> endpoints;
  private final Observer observer;
  private final Set<String> tried = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          AT_A_TIME,
          work -> {
            Thread thread = new Thread(work, "lwm2m-creds firmware push");
            thread.setDaemon(true);
            return thread;
          });

  private FirmwarePush(
      LeshanServer server,
      McubootImage image,
      byte[] bytes,
      Predicate<String> endpoints,
      Observer observer) {
    this.server = server;
    this.image = image;
    this.bytes = bytes;
    this.endpoints = endpoints;
    this.observer = observer;
  }

  /**
   * Describes a push.
   *
   * @param server to whose registrations this will listen
   * @param bytes an MCUboot image of at most {@value McubootImage#MAX_LENGTH} bytes; copied
   * @param endpoints which devices get it
   * @param observer told what becomes of it
   * @return the push, which begins once it is among the server's registration listeners
   * @throws FirmwareImageException if the bytes are no image, or not whole
   */
  public static FirmwarePush of(
      LeshanServer server, byte[] bytes, Predicate<String> endpoints, Observer observer)
      throws FirmwareImageException {
    if (bytes.length > McubootImage.MAX_LENGTH) {
      throw new IllegalArgumentException(
          "an image has at most " + McubootImage.MAX_LENGTH + " bytes, and not " + bytes.length);
    }
    byte[] copy = bytes.clone();
    return new FirmwarePush(
        Objects.requireNonNull(server, "server"),
        McubootImage.read(copy),
        copy,
        Objects.requireNonNull(endpoints, "endpoints"),
        Objects.requireNonNull(observer, "observer"));
  }

  @Override
  public void registered(
      Registration registration, Registration previous, Collection<Observation> observations) {
    String endpoint = registration.getEndpoint();
    if (!registration.getAvailableInstances().contains(OBJECT)
        || !endpoints.test(endpoint)
        || !tried.add(endpoint)) {
      return;
    }
    try {
      threads.execute(() -> push(registration));
    } catch (RejectedExecutionException e) {
      // the server stops
    }
  }

  @Override
  public void updated(RegistrationUpdate update, Registration updated, Registration previous) {
    // it got the image when it registered
  }

  @Override
  public void unregistered(
      Registration registration,
      Collection<Observation> observations,
      boolean expired,
      Registration next) {
    // a push to it fails by itself
  }

  private void push(Registration device) {
    String endpoint = device.getEndpoint();
    try {
      String version = read(device, FirmwareUpdateObject.VERSION, String.class);
      if (version.equals(image.version())) {
        observer.current(endpoint);
        return;
      }
      observer.begun(endpoint, version);
      send(
          device,
          new WriteRequest(
              ContentFormat.OPAQUE,
              FirmwareUpdateObject.ID,
              0,
              FirmwareUpdateObject.PACKAGE,
              bytes));
      start(device);
      observer.pushed(endpoint);
    } catch (PushException e) {
      observer.failed(endpoint, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      observer.failed(endpoint, "the server stops");
    } catch (RuntimeException e) {
      observer.failed(endpoint, e.toString());
    }
  }

  private void start(Registration device) throws PushException, InterruptedException {
    long state = read(device, FirmwareUpdateObject.STATE, Long.class);
    if (state != FirmwareUpdateObject.DOWNLOADED) {
      long result = read(device, FirmwareUpdateObject.RESULT, Long.class);
      throw new PushException("the device did not take it: " + text(result));
    }
    send(device, new ExecuteRequest(FirmwareUpdateObject.ID, 0, FirmwareUpdateObject.UPDATE));
  }

  /** The results that a push may have, as the object's definition names them. */
  private static String text(long result) {
    return switch ((int) result) {
      case 2 -> "not enough flash memory (result 2)";
      case 3 -> "out of RAM (result 3)";
      case 4 -> "connection lost (result 4)";
      case 5 -> "integrity check failure (result 5)";
      case 6 -> "unsupported package type (result 6)";
      default -> "result " + result;
    };
  }

  private <T> T read(Registration device, int resource, Class<T> type)
      throws PushException, InterruptedException {
    ReadResponse response = send(device, new ReadRequest(FirmwareUpdateObject.ID, 0, resource));
    Object value =
        response.getContent() instanceof LwM2mSingleResource single ? single.getValue() : null;
    if (!type.isInstance(value)) {
      throw new PushException("the device tells no resource 5/0/" + resource);
    }
    return type.cast(value);
  }

  private <T extends LwM2mResponse> T send(
      Registration device, DownlinkDeviceManagementRequest<T> request)
      throws PushException, InterruptedException {
    T response = server.send(device, request, TIMEOUT_MILLIS);
    if (response == null) {
      throw new PushException("the device does not answer");
    }
    if (!response.isSuccess()) {
      throw new PushException(
          "the device answered "
              + response.getCode()
              + (response.getErrorMessage() == null || response.getErrorMessage().isEmpty()
                  ? ""
                  : ": " + response.getErrorMessage()));
    }
    return response;
  }

  /** Stops what is under way. Devices keep what they had before. */
  @Override
  public void close() {
    threads.shutdownNow();
  }

  /**
   * Describes the push.
   *
   * @return its image
   */
  @Override
  public String toString() {
    return "FirmwarePush[" + image + "]";
  }

  /** Why a device has not got the image. */
  private static final class PushException extends Exception {
    private static final long serialVersionUID = 1L;

    PushException(String message) {
      super(message);
    }
  }
}
