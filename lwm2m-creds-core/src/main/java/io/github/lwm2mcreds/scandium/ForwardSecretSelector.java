// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import java.util.List;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuiteParameters;
import org.eclipse.californium.scandium.dtls.cipher.DefaultCipherSuiteSelector;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;

/**
 * Selects a forward-secret cipher suite for pre-shared keys where the device offers one, and the
 * curve that the server prefers. Else Scandium would go by the device's order, and devices put
 * {@code PSK} or P-256 first because they always did.
 */
final class ForwardSecretSelector extends DefaultCipherSuiteSelector {
  private final List<SupportedGroup> groups;

  private ForwardSecretSelector(List<SupportedGroup> groups) {
    this.groups = groups;
  }

  /** Sets one, unless the configuration has a selector or no such suite. */
  static DtlsConnectorConfig.Builder addTo(DtlsConnectorConfig.Builder builder) {
    DtlsConnectorConfig config = builder.getIncompleteConfig();
    boolean isDefault =
        config.getCipherSuiteSelector() == null
            || config.getCipherSuiteSelector().getClass() == DefaultCipherSuiteSelector.class;
    boolean isForwardSecret =
        config.getSupportedCipherSuites().stream().anyMatch(ForwardSecrecy::isForwardSecret);
    if (isDefault && isForwardSecret) {
      List<SupportedGroup> set = config.get(DtlsConfig.DTLS_CURVES);
      boolean isSet = set != null && !set.isEmpty();
      builder.setCipherSuiteSelector(
          new ForwardSecretSelector(isSet ? set : ForwardSecrecy.groups()));
    }
    return builder;
  }

  @Override
  public boolean select(CipherSuiteParameters parameters) {
    for (CipherSuite suite : parameters.getCipherSuites()) {
      if (ForwardSecrecy.isForwardSecret(suite) && select(suite, parameters)) {
        return true;
      }
    }
    return super.select(parameters);
  }

  @Override
  protected boolean select(CipherSuite suite, CipherSuiteParameters parameters) {
    boolean isSelected = super.select(suite, parameters);
    if (isSelected && ForwardSecrecy.isForwardSecret(suite)) {
      for (SupportedGroup group : groups) {
        if (parameters.getSupportedGroups().contains(group)) {
          parameters.selectSupportedGroup(group);
          break;
        }
      }
    }
    return isSelected;
  }
}
