package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.LeshanClientBuilder;
import org.eclipse.leshan.client.object.Device;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.client.object.Server;
import org.eclipse.leshan.client.resource.ObjectsInitializer;
import org.eclipse.leshan.core.LwM2mId;
import org.eclipse.leshan.transport.californium.client.endpoint.CaliforniumClientEndpointsProvider;
import org.eclipse.leshan.transport.californium.client.endpoint.coaps.CoapsClientProtocolProvider;

/** Leshan clients whose PSK identity need not be their endpoint. */
final class Devices implements AutoCloseable {
  private static final int SHORT_SERVER_ID = 1;

  private final List<LeshanClient> clients = new ArrayList<>();

  LeshanClient start(DeviceCredential credential, String uri) {
    byte[] identity = credential.pskIdentity().toBytes();
    byte[] key = credential.psk().exposeBytes();
    return start(credential.endpoint(), Security.psk(uri, SHORT_SERVER_ID, identity, key));
  }

  private LeshanClient start(String endpoint, Security security) {
    ObjectsInitializer initializer = new ObjectsInitializer();
    initializer.setInstancesForObject(LwM2mId.SECURITY, security);
    initializer.setInstancesForObject(LwM2mId.SERVER, new Server(SHORT_SERVER_ID, 300L));
    initializer.setInstancesForObject(LwM2mId.DEVICE, new Device("lwm2m-creds", "test", endpoint));
    CaliforniumClientEndpointsProvider.Builder endpoints =
        new CaliforniumClientEndpointsProvider.Builder(new CoapsClientProtocolProvider());
    Configuration configuration = endpoints.createDefaultConfiguration();
    LwM2mDtls.configureDevice(configuration);
    endpoints.setConfiguration(configuration);
    LeshanClient client =
        new LeshanClientBuilder(endpoint)
            .setObjects(initializer.createAll())
            .setEndpointsProviders(endpoints.build())
            .build();
    clients.add(client);
    client.start();
    return client;
  }

  /** As if the power went. */
  @Override
  public void close() {
    clients.forEach(client -> client.destroy(false));
  }
}
