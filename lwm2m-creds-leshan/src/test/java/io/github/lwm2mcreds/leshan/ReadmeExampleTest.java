// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.provisioning.AccessList;
import io.github.lwm2mcreds.leshan.provisioning.AccessToken;
import io.github.lwm2mcreds.leshan.provisioning.ProvisioningRole;
import io.github.lwm2mcreds.leshan.provisioning.ProvisioningServer;
import io.github.lwm2mcreds.leshan.rest.TestCertificates;
import io.github.lwm2mcreds.scandium.ForwardSecrecy;
import io.github.lwm2mcreds.scandium.LwM2mDtls;
import io.github.lwm2mcreds.scandium.PskClusterConnector;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.servers.security.FileSecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the README and its pages compile as they stand, run, and do what they say. */
class ReadmeExampleTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Path MOVING = Path.of("MOVING.md");
  private static final Path PROVISIONING = Path.of("PROVISIONING.md");
  private static final Path CALIFORNIUM = Path.of("..", "lwm2m-creds-core", "CALIFORNIUM.md");
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void tenLines_registerADevice() throws Exception {
    Map<String, Object> names = run(0, "server", "client", "credential");
    LeshanServer server = (LeshanServer) names.get("server");
    DeviceCredential credential = (DeviceCredential) names.get("credential");

    try {
      await()
          .until(
              () -> server.getRegistrationService().getByEndpoint(credential.endpoint()) != null);
    } finally {
      ((LeshanClient) names.get("client")).destroy(false);
      server.destroy();
    }
  }

  @Test
  void leshansBuilders_registerDevicesOfEveryKindAndEndTheRemoved() throws Exception {
    Map<String, Object> names = run(1, "server", "store", "infos", "serverKey");
    KeyPair serverKey = (KeyPair) names.get("serverKey");
    LeshanServer server = (LeshanServer) names.get("server");
    CredentialStore store = (CredentialStore) names.get("store");
    LeshanSecurityStore infos = (LeshanSecurityStore) names.get("infos");
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair keys = generator.generateKeyPair();
    infos.add(TestInfos.psk("psk", "identity", 1));
    infos.add(SecurityInfo.newRawPublicKeyInfo("rpk", keys.getPublic()));

    try (Devices devices = new Devices()) {
      String coaps = server.getEndpoint(Protocol.COAPS).getURI().toString();
      devices.start(PskInfos.credential(TestInfos.psk("psk", "identity", 1)), coaps);
      devices.startWithRawPublicKey("rpk", keys, serverKey.getPublic(), coaps);
      devices.startWithoutSecurity("open", server.getEndpoint(Protocol.COAP).getURI().toString());
      for (String endpoint : List.of("psk", "rpk", "open")) {
        await().until(() -> server.getRegistrationService().getByEndpoint(endpoint) != null);
      }

      store.remove("psk");
      await().until(() -> server.getRegistrationService().getByEndpoint("psk") == null);
    } finally {
      server.destroy();
    }
  }

  @Test
  void fleet_isStoredAndRotatedAndRevoked() throws Exception {
    Map<String, Object> names = run(2, "server", "store", "first", "next");
    try (MirroredCredentialStore store = (MirroredCredentialStore) names.get("store")) {
      DeviceCredential first = (DeviceCredential) names.get("first");
      DeviceCredential next = (DeviceCredential) names.get("next");

      assertThat(store.findPsk(first.pskIdentity())).isEmpty();
      assertThat(store.findPsk(next.pskIdentity())).isEmpty();
      assertThat(store.findRevocation(first.endpoint()).orElseThrow().reason()).isEqualTo("stolen");
      ((LeshanServer) names.get("server")).destroy();
    }
  }

  @Test
  void derivedFleet_findsWhatTheFactoryMade() throws Exception {
    Map<String, Object> names = run(3, "exceptions", "store", "device");
    try (MirroredCredentialStore exceptions = (MirroredCredentialStore) names.get("exceptions")) {
      CredentialStore store = (CredentialStore) names.get("store");
      DeviceCredential device = (DeviceCredential) names.get("device");

      assertThat(store.findPsk(PskIdentity.of(device.endpoint()))).contains(device.psk());
      assertThat(exceptions.size()).isZero();
    }
  }

  @Test
  void moving_fromAFileOfAnyLeshan_takesThePreSharedKeys() throws Exception {
    FileSecurityStore before = new FileSecurityStore(folder.resolve("security.data").toString());
    before.add(TestInfos.psk("psk", "identity", 1));
    before.add(SecurityInfo.newX509CertInfo("x509"));

    assertThat(run(MOVING, 0, "left")).containsEntry("left", 1L);

    try (JdbcCredentialStore database =
        JdbcCredentialStore.sqlite(folder.resolve("fleet.db")).open()) {
      assertThat(database.findPsk(PskIdentity.of("identity"))).isPresent();
      assertThat(database.size()).isEqualTo(1);
    }
  }

  @Test
  void moving_fromAFile_takesThePreSharedKeysAndLeavesTheRest() throws Exception {
    Path file = folder.resolve("security.data");
    FileSecurityStore before = new FileSecurityStore(file.toString());
    before.add(TestInfos.psk("psk", "identity", 1));
    before.add(SecurityInfo.newX509CertInfo("x509"));

    Map<String, Object> names = run(MOVING, 1, "moved");

    assertThat(names.get("moved")).isEqualTo(List.of("psk"));
    assertThat(new FileSecurityStore(file.toString()).getAll())
        .extracting(SecurityInfo::getEndpoint)
        .containsExactly("x509");
    try (JdbcCredentialStore database =
        JdbcCredentialStore.sqlite(folder.resolve("fleet.db")).open()) {
      assertThat(database.findPsk(PskIdentity.of("identity"))).isPresent();
    }
  }

  @Test
  void californium_servesADevice() throws Exception {
    Map<String, Object> names = run(CALIFORNIUM, 0, "server", "store");
    CoapServer server = (CoapServer) names.get("server");
    DeviceCredential credential = PskInfos.credential(TestInfos.psk("sensor-1", "identity", 1));
    ((CredentialStore) names.get("store")).add(credential);
    CoapClient client = new CoapClient(server.getEndpoints().get(0).getUri() + "/hello");
    client.setEndpoint(
        CoapEndpoint.builder()
            .setConfiguration(new Configuration(CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS))
            .setConnector(new DTLSConnector(LwM2mDtls.device(credential).build()))
            .build());

    try {
      assertThat(client.get().getResponseText()).isEqualTo("hello identity");
    } finally {
      client.getEndpoint().destroy();
      server.destroy();
    }
  }

  @Test
  void californium_forwardSecret_takesSuchHandshakesAlone() throws Exception {
    Map<String, Object> names = run(CALIFORNIUM, 1, "connector", "store");
    DTLSConnector server = (DTLSConnector) names.get("connector");
    DeviceCredential credential = PskInfos.credential(TestInfos.psk("sensor-1", "identity", 1));
    ((CredentialStore) names.get("store")).add(credential);
    CompletableFuture<String> suite = new CompletableFuture<>();
    server.setRawDataReceiver(
        received ->
            suite.complete(
                received.getEndpointContext().getString(DtlsEndpointContext.KEY_CIPHER)));
    server.start();
    DtlsConnectorConfig.Builder device = LwM2mDtls.device(credential);
    ForwardSecrecy.PREFERRED.configure(device.getIncompleteConfig().getConfiguration());
    DTLSConnector client = new DTLSConnector(device.build());
    client.setRawDataReceiver(received -> {});
    client.start();

    try {
      client.send(
          RawData.outbound(
              new byte[1], new AddressEndpointContext(server.getAddress()), null, false));

      assertThat(suite.get(20, TimeUnit.SECONDS)).startsWith("TLS_ECDHE_PSK_");
    } finally {
      client.destroy();
      server.destroy();
    }
  }

  @Test
  void californium_keepsItsSessions() throws Exception {
    JdbcCredentialStore.sqlite(folder.resolve("fleet.db")).create().close();
    Map<String, Object> names = run(CALIFORNIUM, 2, "connector", "store");
    DTLSConnector connector = (DTLSConnector) names.get("connector");

    try (MirroredCredentialStore store = (MirroredCredentialStore) names.get("store")) {
      connector.setRawDataReceiver(received -> {});
      connector.start();
      connector.destroy();

      assertThat(store.sessionLedger()).isPresent();
      assertThat(folder.resolve("sessions")).exists();
    }
  }

  @Test
  void californium_nodeOfACluster_keepsItsSessions() throws Exception {
    JdbcCredentialStore.sqlite(folder.resolve("fleet.db")).create().close();
    Files.write(folder.resolve("cluster.key"), new byte[32]);
    Map<String, Object> names = run(CALIFORNIUM, 3, "connector", "store");
    PskClusterConnector connector = (PskClusterConnector) names.get("connector");

    try (MirroredCredentialStore store = (MirroredCredentialStore) names.get("store")) {
      connector.setRawDataReceiver(received -> {});
      connector.start();
      connector.destroy();

      assertThat(connector.getNodeID()).isEqualTo(1);
      assertThat(store.sessionLedger()).isPresent();
      assertThat(folder.resolve("sessions")).exists();
    }
  }

  @Test
  void provisioning_besideAServer_listensForCallers() throws Exception {
    JdbcCredentialStore.sqlite(folder.resolve("fleet.db")).create().close();
    AccessList.empty()
        .withToken("ops", ProvisioningRole.OPERATOR, AccessToken.create())
        .write(folder.resolve("fleet.db.access"));
    TestCertificates.authority("own").issue("localhost").write(folder.resolve("server.p12"));

    Map<String, Object> names = run(PROVISIONING, 0, "endpoint", "store");

    try (MirroredCredentialStore store = (MirroredCredentialStore) names.get("store");
        ProvisioningServer endpoint = (ProvisioningServer) names.get("endpoint")) {
      assertThat(endpoint.uri().toString()).matches("https://localhost:[1-9][0-9]*");
      assertThat(store.size()).isZero();
    }
  }

  @Test
  void examples_allOfThem_areTested() throws Exception {
    assertThat(blocks(README)).hasSize(4);
    assertThat(blocks(MOVING)).hasSize(2);
    assertThat(blocks(CALIFORNIUM)).hasSize(4);
    assertThat(blocks(PROVISIONING)).hasSize(1);
  }

  private static List<String> blocks(Path page) throws Exception {
    return BLOCK.matcher(Files.readString(page)).results().map(block -> block.group(1)).toList();
  }

  private Map<String, Object> run(int example, String... variables) throws Exception {
    return run(README, example, variables);
  }

  /**
   * Compiles an example and runs it, in a folder and on a port of the test, and returns some of its
   * variables.
   */
  @SuppressWarnings("unchecked")
  private Map<String, Object> run(Path page, int example, String... variables) throws Exception {
    String block =
        blocks(page)
            .get(example)
            .replace("\"fleet.db\"", "\"" + folder.resolve("fleet.db") + "\"")
            .replace("\"fleet.db.access\"", "\"" + folder.resolve("fleet.db.access") + "\"")
            .replace("\"server.p12\"", "\"" + folder.resolve("server.p12") + "\"")
            .replace("\"0.0.0.0\", 8443", "\"localhost\", 0")
            .replace("\"sessions\"", "\"" + folder.resolve("sessions") + "\"")
            .replace("\"cluster.key\"", "\"" + folder.resolve("cluster.key") + "\"")
            .replace("\"10.0.0.1\", 5685", "\"localhost\", 0")
            .replace("10.0.0.2", "localhost")
            .replace("data/security.data", folder.resolve("security.data").toString())
            .replace("\"localhost\", 5684", "\"localhost\", 0")
            .replaceAll("localhost:568[34]", "localhost:0")
            .replace(
                "PskServer.builder(store).build()",
                "PskServer.builder(store)"
                    + ".address(new java.net.InetSocketAddress(\"localhost\", 0)).build()");
    String imports =
        block.lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
    String statements =
        block.lines().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n"));
    String entries =
        List.of(variables).stream()
            .map(name -> "\"" + name + "\", " + name)
            .collect(Collectors.joining(", "));
    Path source = folder.resolve("Example.java");
    Files.writeString(
        source,
        imports
            + "\n"
            + "public class Example {\n"
            + "public static java.util.Map<String, Object> run() throws Exception {\n"
            + statements
            + "\nreturn java.util.Map.of("
            + entries
            + ");\n}\n}\n");
    compile(source);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      return (Map<String, Object>) loader.loadClass("Example").getMethod("run").invoke(null);
    }
  }

  private void compile(Path source) {
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-classpath",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(status).as("javac's status").isZero();
  }
}
