// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.leshan.FlashedDevice;
import io.github.lwm2mcreds.leshan.PskServer;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FirmwareView;
import io.github.lwm2mcreds.scandium.PskServerConnector;
import io.github.lwm2mcreds.scandium.ServerCounts;
import io.github.lwm2mcreds.scandium.SessionFile;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.ExecuteRequest;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.request.WriteRequest;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.transport.californium.server.endpoint.CaliforniumServerEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server pushes firmware over the DTLS session of a device. */
class FirmwarePushTest {
  private static final byte[] IMAGE = TestImages.image(5, 60_000);
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final DeviceCredential credential = CredentialGenerator.counting("firmware-%d", 1).next();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<String> slotTold = new CopyOnWriteArrayList<>();
  private final AtomicReference<byte[]> stored = new AtomicReference<>();
  private volatile boolean isFull;
  private MirroredCredentialStore store;
  private LeshanServer server;
  private FirmwarePush push;
  private LeshanClient device;

  @BeforeEach
  void makeStore() {
    store =
        MirroredCredentialStore.of(JdbcCredentialStore.sqlite(folder.resolve("fleet.db")).create());
    store.put(credential);
  }

  @AfterEach
  void stop() {
    if (device != null) {
      device.destroy(false);
    }
    stopServer();
    store.close();
  }

  private void stopServer() {
    if (push != null) {
      push.close();
      push = null;
    }
    server.destroy();
  }

  private void start(int port) {
    server =
        PskServer.builder(store)
            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .sessions(SessionFile.of(folder.resolve("sessions"), store))
            .build();
  }

  private void startWithPush(int port) throws Exception {
    start(port);
    push = FirmwarePush.of(server, IMAGE, credential.endpoint()::equals, new Told());
    server.getRegistrationService().addListener(push);
    server.start();
  }

  private URI uri() {
    return URI.create(server.getEndpoint(Protocol.COAPS).getURI().toString());
  }

  private ServerCounts counts() {
    CaliforniumServerEndpoint endpoint =
        (CaliforniumServerEndpoint) server.getEndpoint(Protocol.COAPS);
    return ((PskServerConnector) endpoint.getCoapEndpoint().getConnector()).counts();
  }

  private FlashedDevice flashed() {
    return FlashedDevice.boot(FirmwareView.of(CredentialPartition.encode(credential)), "unused");
  }

  private void connect(FlashedDevice flashed) {
    device = flashed.client(uri().toString());
    device.start();
  }

  private FlashedDevice withFirmware(String version) {
    return flashed()
        .withObject(FirmwareUpdateObject.ID, new FirmwareUpdateObject(version, new Slot()));
  }

  private Registration registration() {
    await()
        .atMost(LONG)
        .until(() -> server.getRegistrationService().getByEndpoint(credential.endpoint()) != null);
    return server.getRegistrationService().getByEndpoint(credential.endpoint());
  }

  private Object read(int resource) throws InterruptedException {
    return ((LwM2mSingleResource)
            server.send(registration(), new ReadRequest(5, 0, resource)).getContent())
        .getValue();
  }

  private void write(byte[] bytes) throws InterruptedException {
    assertThat(
            server
                .send(registration(), new WriteRequest(ContentFormat.OPAQUE, 5, 0, 0, bytes))
                .isSuccess())
        .isTrue();
  }

  @Test
  void device_withAnotherVersion_getsTheImageWholeAndStartsIt() throws Exception {
    startWithPush(0);
    connect(withFirmware("1.0.0"));

    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(told).containsExactly("begun 1.0.0", "pushed"));
    assertThat(stored.get()).isEqualTo(IMAGE);
    assertThat(slotTold).containsExactly("stored 5.2.3+4", "started 5.2.3+4");
    assertThat(read(7)).isEqualTo("5.2.3+4");
    assertThat(read(5)).isEqualTo(FirmwareUpdateObject.RESULT_UPDATED);
  }

  @Test
  void device_overASessionThatWasLoadedAfterARestart_getsTheImage() throws Exception {
    start(0);
    server.start();
    connect(withFirmware("1.0.0"));
    registration();
    int port = uri().getPort();

    stopServer();
    startWithPush(port);
    device.triggerRegistrationUpdate();

    await().atMost(LONG).untilAsserted(() -> assertThat(told).contains("pushed"));
    assertThat(stored.get()).isEqualTo(IMAGE);
    assertThat(counts().fullHandshakes()).isZero();
    assertThat(counts().resumedHandshakes()).isZero();
  }

  @Test
  void device_thatRunsTheVersion_getsNothing() throws Exception {
    startWithPush(0);
    connect(withFirmware("5.2.3+4"));

    await().atMost(LONG).untilAsserted(() -> assertThat(told).containsExactly("current"));
    assertThat(stored.get()).isNull();
  }

  @Test
  void device_whoseSlotIsFull_isReportedAndKeepsWhatItRuns() throws Exception {
    isFull = true;
    startWithPush(0);
    connect(withFirmware("1.0.0"));

    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(told)
                    .containsExactly(
                        "begun 1.0.0",
                        "failed the device did not take it: not enough flash memory (result 2)"));
    assertThat(read(7)).isEqualTo("1.0.0");
  }

  @Test
  void image_alteredOnItsWay_isRefusedByTheDevice() throws Exception {
    start(0);
    server.start();
    connect(withFirmware("1.0.0"));
    byte[] altered = IMAGE.clone();
    altered[30_000]++;

    write(altered);

    assertThat(read(3)).isEqualTo(FirmwareUpdateObject.IDLE);
    assertThat(read(5)).isEqualTo(FirmwareUpdateObject.RESULT_OTHER_DIGEST);
    assertThat(slotTold).singleElement().asString().contains("it was altered");
    assertThat(server.send(registration(), new ExecuteRequest(5, 0, 2)).isSuccess()).isFalse();

    write(new byte[2000]);
    assertThat(read(5)).isEqualTo(FirmwareUpdateObject.RESULT_OTHER_TYPE);
    write(new byte[1]);
    assertThat(read(5)).isEqualTo(FirmwareUpdateObject.RESULT_INITIAL);
  }

  @Test
  void device_thatIsToldAnAddress_refusesToFetchIt() throws Exception {
    start(0);
    server.start();
    connect(withFirmware("1.0.0"));

    assertThat(
            server
                .send(registration(), new WriteRequest(5, 0, 1, "http://192.0.2.1/image"))
                .getErrorMessage())
        .contains("by push alone");
  }

  @Test
  void device_withoutTheObject_isLeftAlone() throws Exception {
    startWithPush(0);
    connect(flashed());

    registration();
    assertThat(told).isEmpty();
  }

  private final class Slot implements FirmwareUpdateObject.Slot {
    @Override
    public void store(McubootImage image, byte[] bytes) throws IOException {
      if (isFull) {
        throw new IOException("no room");
      }
      stored.set(bytes);
      slotTold.add("stored " + image.version());
    }

    @Override
    public void refused(String why) {
      slotTold.add("refused " + why);
    }

    @Override
    public void start(McubootImage image) {
      slotTold.add("started " + image.version());
    }
  }

  private final class Told implements FirmwarePush.Observer {
    @Override
    public void begun(String endpoint, String version) {
      told.add("begun " + version);
    }

    @Override
    public void pushed(String endpoint) {
      told.add("pushed");
    }

    @Override
    public void current(String endpoint) {
      told.add("current");
    }

    @Override
    public void failed(String endpoint, String why) {
      told.add("failed " + why);
    }
  }
}
