// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.List;
import javax.sql.DataSource;

/** A pool whose connections and statements do not say whose they are, as some do. */
final class HiddenDriver {
  private HiddenDriver() {}

  /** Hides the driver of a pool. */
  static DataSource of(DataSource pool) {
    return hide(DataSource.class, pool);
  }

  private static <T> T hide(Class<T> type, Object hidden) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Wrapper.class) {
                return false;
              }
              try {
                Object result = method.invoke(hidden, arguments);
                for (Class<?> part :
                    List.of(Connection.class, PreparedStatement.class, Statement.class)) {
                  if (method.getReturnType() == part) {
                    return hide(part, result);
                  }
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
