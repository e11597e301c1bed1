// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.DeviceCredential;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.leshan.servers.security.SecurityInfo;

/** The infos of a file for Leshan's {@code FileSecurityStore}; wiped when it is closed. */
final class LeshanFileTarget implements StoreExport.Target, AutoCloseable {
  private final List<SecurityInfo> infos = new ArrayList<>();

  @Override
  public Optional<String> problem(DeviceCredential credential) {
    return PskFileLines.isUtf8(credential.pskIdentity().toBytes())
        ? Optional.empty()
        : Optional.of("its PSK identity is not UTF-8, as Leshan's file wants it");
  }

  @Override
  public void write(DeviceCredential credential) {
    infos.add(
        SecurityInfo.newPreSharedKeyInfo(
            credential.endpoint(),
            credential.pskIdentity().asString(),
            credential.psk().exposeBytes()));
  }

  /** Writes all infos. */
  void finish(OutputStream out) throws IOException {
    ObjectOutputStream objects = new ObjectOutputStream(out);
    objects.writeObject(infos.toArray(SecurityInfo[]::new));
    objects.flush();
  }

  @Override
  public void close() {
    infos.forEach(info -> Arrays.fill(info.getPreSharedKey(), (byte) 0));
  }
}
