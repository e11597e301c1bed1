// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.partition.FirmwareView;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.LeshanClientBuilder;
import org.eclipse.leshan.client.object.Device;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.client.object.Server;
import org.eclipse.leshan.client.resource.LwM2mInstanceEnabler;
import org.eclipse.leshan.client.resource.LwM2mInstanceEnablerFactory;
import org.eclipse.leshan.client.resource.LwM2mObjectEnabler;
import org.eclipse.leshan.client.resource.ObjectsInitializer;
import org.eclipse.leshan.core.LwM2mId;
import org.eclipse.leshan.transport.californium.client.endpoint.CaliforniumClientEndpointsProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coaps.CoapsClientProtocolProvider;

/**
 * A dm-lwm2m device as a Leshan client: it boots from a credential partition as the firmware does,
 * quirks included.
 */
public final class FlashedDevice {
  private static final int SHORT_SERVER_ID = 1;
  private static final long LIFETIME_SECONDS = 300;
  private static final int MAX_BODY = 4 << 20;

  /** Leshan asks for one where an instance has no constructor without arguments. */
  private static final LwM2mInstanceEnablerFactory NO_MORE =
      (model, id, used) -> {
        throw new IllegalArgumentException("this object has one instance only");
      };

  private final String endpoint;
  private final FirmwareView firmware;
  private final Map<Integer, LwM2mInstanceEnabler> others;

  private FlashedDevice(
      String endpoint, FirmwareView firmware, Map<Integer, LwM2mInstanceEnabler> others) {
    this.endpoint = endpoint;
    this.firmware = firmware;
    this.others = others;
  }

  /**
   * Boots a device.
   *
   * @param firmware what the firmware makes of the device's partition; not destroyed here
   * @param serialEndpoint the name the device uses if the partition has none, see {@link
   *     FirmwareView#serialEndpoint}
   * @return the device
   * @throws IllegalArgumentException if the firmware would not start LwM2M, or its endpoint is
   *     empty
   */
  public static FlashedDevice boot(FirmwareView firmware, String serialEndpoint) {
    if (!firmware.starts()) {
      throw new IllegalArgumentException(
          "LwM2M does not start on this device: its device token is not a key");
    }
    String endpoint =
        firmware.endpointName(Objects.requireNonNull(serialEndpoint, "serialEndpoint"));
    if (endpoint.isEmpty()) {
      throw new IllegalArgumentException(
          "this device has an empty endpoint, which no server registers");
    }
    return new FlashedDevice(endpoint, firmware, Map.of());
  }

  /**
   * Returns the same device with one more object, which may get up to 4 MB in one request, such as
   * a firmware image.
   *
   * @param object the object's id, such as 5 for Firmware Update
   * @param instance its one instance, for one client alone
   * @return a new device
   */
  public FlashedDevice withObject(int object, LwM2mInstanceEnabler instance) {
    Map<Integer, LwM2mInstanceEnabler> more = new TreeMap<>(others);
    more.put(object, Objects.requireNonNull(instance, "instance"));
    return new FlashedDevice(endpoint, firmware, more);
  }

  /**
   * Returns the name the device registers with, which is also its PSK identity.
   *
   * @return the endpoint
   */
  public String endpoint() {
    return endpoint;
  }

  /**
   * Returns the device's LwM2M Security object instance: Security Mode 0 (PSK), identity =
   * endpoint.
   *
   * @param serverUri such as {@code coaps://host:5684}
   * @return a new instance, which holds the key in clear as Leshan's client needs it
   */
  public Security security(String serverUri) {
    PreSharedKey psk = firmware.psk().orElseThrow();
    byte[] key = psk.exposeBytes();
    try {
      return Security.psk(serverUri, SHORT_SERVER_ID, PskIdentity.of(endpoint).toBytes(), key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * Returns a client that registers with a server once it is started, with the objects Security,
   * Server and Device, and those that were {@linkplain #withObject added}.
   *
   * <p>Leshan 2.0.0-M18 writes numbers in its registration with the digits of the JVM's default
   * locale; a server reads those of {@link java.util.Locale#ROOT} and most others, but not Arabic
   * ones.
   *
   * @param serverUri such as {@code coaps://host:5684}
   * @return the client
   */
  public LeshanClient client(String serverUri) {
    ObjectsInitializer initializer = new ObjectsInitializer();
    initializer.setInstancesForObject(LwM2mId.SECURITY, security(serverUri));
    initializer.setInstancesForObject(
        LwM2mId.SERVER, new Server(SHORT_SERVER_ID, LIFETIME_SECONDS));
    initializer.setInstancesForObject(
        LwM2mId.DEVICE, new Device("lwm2m-creds", "dm-lwm2m", endpoint));
    others.forEach(
        (object, instance) -> {
          initializer.setInstancesForObject(object, instance);
          initializer.setFactoryForObject(object, NO_MORE);
        });
    List<LwM2mObjectEnabler> objects = initializer.createAll();

    CaliforniumClientEndpointsProvider.Builder endpoints =
        new CaliforniumClientEndpointsProvider.Builder(new CoapsClientProtocolProvider());
    Configuration configuration = endpoints.createDefaultConfiguration();
    LwM2mDtls.configureDevice(configuration);
    if (!others.isEmpty()) {
      configuration.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, MAX_BODY);
    }
    endpoints.setConfiguration(configuration);

    return new LeshanClientBuilder(endpoint)
        .setObjects(objects)
        .setEndpointsProviders(endpoints.build())
        .build();
  }

  @Override
  public String toString() {
    return "FlashedDevice[endpoint=" + Printable.escape(endpoint) + ", " + firmware + "]";
  }
}
