// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Peers;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jars as modules and on the class path, by small applications that are built with them. */
class ModulesIT {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static final String FACTORY_MAIN =
      """
      package app;

      import io.github.lwm2mcreds.CredentialGenerator;
      import io.github.lwm2mcreds.partition.CredentialPartition;
      import io.github.lwm2mcreds.partition.PartitionInspection;

      public class Main {
        public static void main(String[] arguments) {
          byte[] flash =
              CredentialPartition.encode(CredentialGenerator.counting("sensor-%08x", 0).next());
          System.out.println(PartitionInspection.of(flash).endpoint().get());
        }
      }
      """;

  private static final String STORE_MAIN =
      """
      package app;

      import io.github.lwm2mcreds.CredentialGenerator;
      import io.github.lwm2mcreds.DeviceCredential;
      import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
      import java.nio.file.Path;

      public class Main {
        public static void main(String[] arguments) {
          try (JdbcCredentialStore store =
              JdbcCredentialStore.sqlite(Path.of(arguments[0])).openOrCreate()) {
            DeviceCredential credential = CredentialGenerator.counting("sensor-%08x", 0).next();
            store.add(credential);
            System.out.println(store.findByEndpoint("sensor-00000000").get().equals(credential));
          }
        }
      }
      """;

  private static final String METRICS_MAIN =
      """
      package app;

      import io.github.lwm2mcreds.CredentialGenerator;
      import io.github.lwm2mcreds.metrics.StoreMetrics;
      import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
      import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
      import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
      import java.nio.file.Path;

      public class Main {
        public static void main(String[] arguments) {
          SimpleMeterRegistry registry = new SimpleMeterRegistry();
          try (MirroredCredentialStore store =
              MirroredCredentialStore.of(
                  JdbcCredentialStore.sqlite(Path.of(arguments[0])).openOrCreate())) {
            store.add(CredentialGenerator.counting("sensor-%08x", 0).next());
            new StoreMetrics(store).bindTo(registry);
            System.out.println(registry.get("lwm2m.creds.store.credentials").gauge().value());
          }
        }
      }
      """;

  private static final String SERVER_MAIN =
      """
      package app;

      import io.github.lwm2mcreds.CredentialGenerator;
      import io.github.lwm2mcreds.DeviceCredential;
      import io.github.lwm2mcreds.leshan.FlashedDevice;
      import io.github.lwm2mcreds.leshan.PskServer;
      import io.github.lwm2mcreds.partition.CredentialPartition;
      import io.github.lwm2mcreds.partition.FirmwareView;
      import io.github.lwm2mcreds.store.InMemoryCredentialStore;
      import java.net.InetSocketAddress;
      import java.util.concurrent.CountDownLatch;
      import java.util.concurrent.TimeUnit;
      import org.eclipse.leshan.client.LeshanClient;
      import org.eclipse.leshan.client.observer.LwM2mClientObserverAdapter;
      import org.eclipse.leshan.client.servers.LwM2mServer;
      import org.eclipse.leshan.core.request.RegisterRequest;
      import org.eclipse.leshan.core.endpoint.Protocol;
      import org.eclipse.leshan.server.LeshanServer;

      public class Main {
        public static void main(String[] arguments) throws InterruptedException {
          InMemoryCredentialStore store = new InMemoryCredentialStore();
          DeviceCredential credential = CredentialGenerator.counting("sensor-%08x", 0).next();
          store.add(credential);
          LeshanServer server =
              PskServer.builder(store).address(new InetSocketAddress("localhost", 0)).build();
          server.start();
          byte[] flash = CredentialPartition.encode(credential);
          LeshanClient client =
              FlashedDevice.boot(FirmwareView.of(flash), "unnamed")
                  .client(server.getEndpoint(Protocol.COAPS).getURI().toString());
          CountDownLatch registered = new CountDownLatch(1);
          client.addObserver(
              new LwM2mClientObserverAdapter() {
                @Override
                public void onRegistrationSuccess(
                    LwM2mServer server, RegisterRequest request, String id) {
                  registered.countDown();
                }
              });
          client.start();
          System.out.println(registered.await(1, TimeUnit.MINUTES));
          client.destroy(false);
          server.destroy();
          System.exit(0);
        }
      }
      """;

  /** What follows the example of the page on Californium. */
  private static final String CALIFORNIUM_CLIENT =
      """
      io.github.lwm2mcreds.DeviceCredential credential =
          io.github.lwm2mcreds.CredentialGenerator.counting("sensor-%08x", 0).next();
      store.add(credential);
      org.eclipse.californium.core.CoapClient client =
          new org.eclipse.californium.core.CoapClient(
              server.getEndpoints().get(0).getUri() + "/hello");
      client.setEndpoint(
          CoapEndpoint.builder()
              .setConfiguration(server.getConfig())
              .setConnector(
                  new org.eclipse.californium.scandium.DTLSConnector(
                      LwM2mDtls.device(credential).build()))
              .build());
      System.out.println(client.get().getResponseText());
      client.getEndpoint().destroy();
      server.destroy();
      """;

  @TempDir private Path folder;
  private List<String> jars;

  @BeforeEach
  void collectJars() throws Exception {
    jars =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar") && !entry.endsWith("-tests.jar"))
            .filter(entry -> !entry.contains("lwm2m-creds"))
            .collect(Collectors.toCollection(ArrayList::new));
    jars.add(jarOf(DeviceCredential.class).toString());
    jars.add(jarOf(LeshanSecurityStore.class).toString());
  }

  private static Path jarOf(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private String path(String... parts) {
    return jars.stream()
        .filter(
            jar -> Arrays.stream(parts).anyMatch(Path.of(jar).getFileName().toString()::contains))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** A factory tool needs core and the JDK: all else is optional, also when modules are linked. */
  @Test
  void core_linkedIntoARuntimeOfItsOwnAlone_makesPartitions() throws Exception {
    String java = link(FACTORY_MAIN, path("lwm2m-creds-core"), "app");

    assertThat(execute(java, "-m", "app/app.Main")).isEqualTo("sensor-00000000");
    assertThat(execute(java, "--list-modules").lines())
        .extracting(line -> line.replaceAll("@.*", ""))
        .contains("io.github.lwm2mcreds", "app")
        .allMatch(name -> name.matches("app|io\\.github\\.lwm2mcreds|javax?\\..*|jdk\\..*"));
  }

  /** Core needs nothing but SQLite and what that requires: no Scandium, no Bouncy Castle. */
  @Test
  void core_linkedIntoARuntimeOfItsOwnWithSqlite_storesAndFinds() throws Exception {
    String modules = path("lwm2m-creds-core", "sqlite-jdbc", "slf4j-api");
    String java = link(STORE_MAIN, modules, "app,org.xerial.sqlitejdbc");

    assertThat(execute(java, "-m", "app/app.Main", folder.resolve("fleet.db").toString()))
        .isEqualTo("true");
  }

  /** Links an application into a runtime, and returns that one's java. */
  private String link(String main, String modules, String roots) throws Exception {
    Peers.require(canLink(), "the JDK has no jlink, or no modules to link");
    Path classes = compile(main, "requires io.github.lwm2mcreds;", "--module-path", modules);
    Path runtime = folder.resolve("runtime");
    run(
        ToolProvider.findFirst("jlink").orElseThrow(),
        "--module-path",
        modules + File.pathSeparator + classes,
        "--add-modules",
        roots,
        "--output",
        runtime.toString());
    return runtime.resolve("bin").resolve("java").toString();
  }

  /** A JDK without the folder {@code jmods} may link from its own runtime; its help tells. */
  private static boolean canLink() {
    if (Files.isDirectory(Path.of(System.getProperty("java.home"), "jmods"))) {
      return ToolProvider.findFirst("jlink").isPresent();
    }
    StringWriter help = new StringWriter();
    PrintWriter writer = new PrintWriter(help);
    ToolProvider.findFirst("jlink").ifPresent(jlink -> jlink.run(writer, writer, "--help"));
    return help.toString().contains("Linking from run-time image enabled");
  }

  /** The tests below do without Micrometer. */
  @Test
  void core_onTheModulePathWithMicrometer_hasMetrics() throws Exception {
    String modules = path("lwm2m-creds-core", "sqlite-jdbc", "slf4j-api", "micrometer", "jspecify");
    Path classes =
        compile(
            METRICS_MAIN,
            "requires io.github.lwm2mcreds; requires micrometer.core;",
            "--module-path",
            modules);

    assertThat(
            execute(
                JAVA,
                "-p",
                modules + File.pathSeparator + classes,
                "--add-modules",
                "org.xerial.sqlitejdbc",
                "-m",
                "app/app.Main",
                folder.resolve("fleet.db").toString()))
        .isEqualTo("1.0");
  }

  @Test
  void both_onTheModulePath_runAServerAndADevice() throws Exception {
    String modules = String.join(File.pathSeparator, libraries());
    Path classes =
        compile(SERVER_MAIN, "requires io.github.lwm2mcreds.leshan;", "--module-path", modules);

    assertThat(execute(JAVA, "-p", modules + File.pathSeparator + classes, "-m", "app/app.Main"))
        .isEqualTo("true");
  }

  @Test
  void both_onTheClassPath_runAServerAndADevice() throws Exception {
    String libraries = String.join(File.pathSeparator, libraries());
    Path classes = compile(SERVER_MAIN, "", "--class-path", libraries);

    assertThat(execute(JAVA, "-cp", libraries + File.pathSeparator + classes, "app.Main"))
        .isEqualTo("true");
  }

  /** The jars are those that the page's dependencies bring, and no others. */
  @Test
  void californium_withTheDependenciesOfItsPage_servesADevice() throws Exception {
    String libraries =
        path("lwm2m-creds-core", "californium-core", "scandium", "element-connector", "slf4j-api");
    Path page = Path.of("..", "lwm2m-creds-core", "CALIFORNIUM.md");
    String example = Files.readString(page).split("```java\n")[1].split("```")[0];
    String imports = linesOf(example.replace("5684", "0"), true);
    String statements = linesOf(example.replace("5684", "0"), false) + CALIFORNIUM_CLIENT;
    Path classes =
        compile(
            "package app;\n"
                + imports
                + "public class Main { public static void main(String[] arguments) throws Exception"
                + " {"
                + statements
                + "}}",
            "",
            "--class-path",
            libraries);

    assertThat(execute(JAVA, "-cp", libraries + File.pathSeparator + classes, "app.Main"))
        .isEqualTo("hello sensor-00000000");
  }

  private static String linesOf(String example, boolean imports) {
    return example
        .lines()
        .filter(line -> line.startsWith("import ") == imports)
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  /** What the adapter brings along, and a logger. */
  private List<String> libraries() {
    return jars.stream()
        .filter(
            jar ->
                Path.of(jar)
                    .getFileName()
                    .toString()
                    .matches(
                        "(lwm2m-creds|leshan|californium|scandium|element|slf4j|jackson|cbor|datautilities"
                            + "|numbers|net.i2p|eddsa|bcp|bcu|postgresql|sqlite|picocli|cose|json|lib-)"
                            + ".*"))
        .toList();
  }

  private Path compile(String main, String requires, String option, String path) throws Exception {
    Path sources = Files.createDirectories(folder.resolve("src").resolve("app"));
    Path source = Files.writeString(sources.resolve("Main.java"), main);
    Path classes = folder.resolve("classes");
    List<String> arguments =
        new ArrayList<>(List.of("-d", classes.toString(), option, path, source.toString()));
    if (!requires.isEmpty()) {
      Path module = folder.resolve("src").resolve("module-info.java");
      Files.writeString(module, "module app { " + requires + " }");
      arguments.add(module.toString());
    }
    run(ToolProvider.findFirst("javac").orElseThrow(), arguments.toArray(String[]::new));
    return classes;
  }

  private static void run(ToolProvider tool, String... arguments) {
    StringWriter output = new StringWriter();
    PrintWriter writer = new PrintWriter(output);
    assertThat(tool.run(writer, writer, arguments)).as("%s: %s", tool.name(), output).isZero();
  }

  private String execute(String... command) throws Exception {
    Path errors = folder.resolve("errors");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(() -> readString(errors)).isZero();
    return output.strip();
  }

  private static String readString(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
