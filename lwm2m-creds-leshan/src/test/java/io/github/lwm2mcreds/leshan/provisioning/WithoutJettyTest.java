// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lwm2mcreds.leshan.rest.TestCertificates;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A class path without the optional library. */
class WithoutJettyTest {
  @TempDir private Path folder;

  @Test
  void start_withoutJetty_namesWhatToAdd() throws Exception {
    Path access = folder.resolve("access");
    AccessList.empty().write(access);
    TestCertificates own = TestCertificates.authority("own CA").issue("localhost");
    try (URLClassLoader loader =
        new URLClassLoader(withoutJetty(), ClassLoader.getPlatformClassLoader())) {
      Class<?> server = loader.loadClass(ProvisioningServer.class.getName());
      Class<?> store = loader.loadClass(ManagedCredentialStore.class.getName());
      Object none =
          Proxy.newProxyInstance(
              loader, new Class<?>[] {store}, (proxy, method, arguments) -> null);
      Object builder = server.getMethod("builder", store, Path.class).invoke(null, none, access);
      Class<?> type = builder.getClass();
      type.getMethod("certificate", PrivateKey.class, List.class)
          .invoke(builder, own.key(), List.of(own.certificate()));

      assertThatIllegalStateException()
          .isThrownBy(() -> call(builder, "start"))
          .withMessageContaining("add org.eclipse.jetty:jetty-server");
    }
  }

  private static void call(Object target, String method) throws Throwable {
    try {
      target.getClass().getMethod(method).invoke(target);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static URL[] withoutJetty() {
    String path = System.getProperty("java.class.path");
    URL[] urls =
        Stream.of(path.split(File.pathSeparator))
            .filter(entry -> !entry.contains("jetty"))
            .map(WithoutJettyTest::url)
            .toArray(URL[]::new);
    assertThat(urls).hasSizeLessThan(path.split(File.pathSeparator).length);
    return urls;
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
