// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.interop;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;

/**
 * Another Scandium than that on the class path, and copies of {@link ScandiumSession} and {@link
 * ScandiumService} that run with it. The build puts its jars in {@code target/scandium-older}.
 */
final class OlderScandium extends URLClassLoader {
  private static final String OURS = "io.github.lwm2mcreds.leshan.interop.Scandium";
  private static final String SESSION = OURS + "Session";
  private static final String SERVICE = OURS + "Service";

  private OlderScandium(List<URL> jars) {
    super(jars.toArray(URL[]::new), OlderScandium.class.getClassLoader());
  }

  static OlderScandium load() throws IOException {
    List<URL> jars = new ArrayList<>();
    for (File jar : jars()) {
      jars.add(jar.toURI().toURL());
    }
    return new OlderScandium(jars);
  }

  private static File[] jars() {
    File folder = Path.of("target", "scandium-older").toFile();
    return requireNonNull(folder.listFiles(), () -> "no " + folder + ": build first");
  }

  static String version() throws IOException {
    for (File file : jars()) {
      if (file.getName().startsWith("scandium-")) {
        try (JarFile jar = new JarFile(file)) {
          return jar.getManifest().getMainAttributes().getValue("Bundle-Version");
        }
      }
    }
    throw new IllegalStateException("no Scandium there");
  }

  private static boolean isOurs(String name) {
    return name.startsWith(SESSION) || name.startsWith(SERVICE);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      if (!name.startsWith("org.eclipse.californium.") && !isOurs(name)) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : findClass(name);
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (!isOurs(name)) {
      return super.findClass(name);
    }
    String file = name.replace('.', '/') + ".class";
    try (InputStream in = getParent().getResourceAsStream(file)) {
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  PeerSession begin(Hello hello) throws Exception {
    return (PeerSession) loadClass(SESSION).getMethod("begin", Hello.class).invoke(null, hello);
  }

  PeerService serve(PskSuite suite, String identity, byte[] key) throws Exception {
    return (PeerService)
        loadClass(SERVICE)
            .getMethod("start", PskSuite.class, String.class, byte[].class)
            .invoke(null, suite, identity, key);
  }
}
