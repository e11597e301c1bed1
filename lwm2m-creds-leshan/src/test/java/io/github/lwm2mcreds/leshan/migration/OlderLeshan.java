// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/**
 * Another Leshan than that on the class path, in a class loader of its own. The build puts its jars
 * in {@code target/leshan-older}.
 */
final class OlderLeshan implements AutoCloseable {
  private static final String REDIS_STORE = "org.eclipse.leshan.server.redis.RedisSecurityStore";

  private final URLClassLoader loader;

  private OlderLeshan(URLClassLoader loader) {
    this.loader = loader;
  }

  static OlderLeshan of(String version) throws IOException {
    File folder = Path.of("target", "leshan-older", version).toFile();
    List<URL> urls = new ArrayList<>();
    for (File jar : requireNonNull(folder.listFiles(), () -> "no " + folder + ": build first")) {
      urls.add(jar.toURI().toURL());
    }
    for (Class<?> shared :
        List.of(LoggerFactory.class, ObjectMapper.class, JsonFactory.class, JsonCreator.class)) {
      urls.add(shared.getProtectionDomain().getCodeSource().getLocation());
    }
    return new OlderLeshan(
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader()));
  }

  private static Object unwrapped(Call call) throws Exception {
    try {
      return call.run();
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private interface Call {
    Object run() throws Exception;
  }

  private Object info(String method, Class<?>[] types, Object... arguments) throws Exception {
    return unwrapped(
        () ->
            type("org.eclipse.leshan.server.security.SecurityInfo")
                .getMethod(method, types)
                .invoke(null, arguments));
  }

  Class<?> type(String name) throws ClassNotFoundException {
    return loader.loadClass(name);
  }

  Object psk(String endpoint, String identity, byte[] key) throws Exception {
    return info(
        "newPreSharedKeyInfo",
        new Class<?>[] {String.class, String.class, byte[].class},
        endpoint,
        identity,
        key);
  }

  Object rawPublicKey(String endpoint, PublicKey key) throws Exception {
    return info(
        "newRawPublicKeyInfo", new Class<?>[] {String.class, PublicKey.class}, endpoint, key);
  }

  Object x509(String endpoint) throws Exception {
    return info("newX509CertInfo", new Class<?>[] {String.class}, endpoint);
  }

  /** An info of OSCORE, which Leshan has since 2. */
  Object oscore(String endpoint) throws Exception {
    Class<?> setting = type("org.eclipse.leshan.core.oscore.OscoreSetting");
    return info(
        "newOscoreInfo",
        new Class<?>[] {String.class, setting},
        endpoint,
        setting
            .getConstructor(byte[].class, byte[].class, byte[].class)
            .newInstance(new byte[] {1}, new byte[] {2}, new byte[16]));
  }

  /** Has this Leshan's own store write a file. */
  void save(Path file, Object... infos) throws Exception {
    addAll(
        type("org.eclipse.leshan.server.security.FileSecurityStore")
            .getConstructor(String.class)
            .newInstance(file.toString()),
        infos);
  }

  /** Has this Leshan's own store write into Redis. */
  void saveToRedis(int port, Object... infos) throws Exception {
    saveToRedis(port, REDIS_STORE, Function.identity(), infos);
  }

  /** Does the same with a store of the builder that 2.x has, which has another prefix. */
  void saveToRedisByBuilder(int port, Object... infos) throws Exception {
    saveToRedis(
        port,
        REDIS_STORE + "$Builder",
        builder -> {
          try {
            return builder.getClass().getMethod("build").invoke(builder);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        },
        infos);
  }

  private void saveToRedis(int port, String type, Function<Object, Object> store, Object... infos)
      throws Exception {
    try (AutoCloseable pool =
        (AutoCloseable)
            type("redis.clients.jedis.JedisPool")
                .getConstructor(String.class, int.class)
                .newInstance("127.0.0.1", port)) {
      Class<?> parameter = type("redis.clients.jedis.util.Pool");
      addAll(store.apply(type(type).getConstructor(parameter).newInstance(pool)), infos);
    }
  }

  private void addAll(Object store, Object... infos) throws Exception {
    Class<?> info = type("org.eclipse.leshan.server.security.SecurityInfo");
    for (Object each : Arrays.asList(infos)) {
      unwrapped(() -> store.getClass().getMethod("add", info).invoke(store, each));
    }
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
