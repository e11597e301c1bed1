// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.manifest.ManifestException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import org.bouncycastle.cms.CMSAuthEnvelopedDataParser;
import org.bouncycastle.cms.CMSEnvelopedDataParser;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientId;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.RecipientInformationStore;
import org.bouncycastle.cms.jcajce.JceKeyAgreeAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientId;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientId;

/**
 * A receiver's key, which opens what was sealed for its certificate.
 *
 * @param key an RSA or EC key
 * @param certificate names the recipient
 */
record CmsKey(PrivateKey key, X509Certificate certificate) {
  /** Returns the content of an enveloped CMS. */
  InputStream open(CmsKind kind, InputStream in) throws IOException, CMSException {
    boolean isAuthenticated = kind == CmsKind.AUTH_ENVELOPED;
    RecipientInformationStore recipients = recipients(isAuthenticated, in);
    RecipientInformation own = recipients.get(id());
    if (own == null) {
      throw notARecipient("was not sealed for " + Certificates.name(certificate), null);
    }
    try {
      return own.getContentStream(recipient(isAuthenticated)).getContentStream();
    } catch (CMSException | RuntimeException e) {
      throw notARecipient(
          "cannot be opened with this private key, which may not be that of "
              + Certificates.name(certificate),
          e);
    }
  }

  /** Bouncy Castle throws what it likes when it finds something else than it expects. */
  private static RecipientInformationStore recipients(boolean isAuthenticated, InputStream in)
      throws IOException, CMSException {
    try {
      return isAuthenticated
          ? new CMSAuthEnvelopedDataParser(in).getRecipientInfos()
          : new CMSEnvelopedDataParser(in).getRecipientInfos();
    } catch (IOException | RuntimeException e) {
      throw new ManifestException(
          Reason.NOT_SEALED,
          "what was signed is damaged, and no sealed manifest; have it sealed again",
          e);
    }
  }

  private static ManifestException notARecipient(String what, Exception cause) {
    return new ManifestException(Reason.NOT_A_RECIPIENT, "the manifest " + what, cause);
  }

  private boolean isRsa() {
    return Certificates.isRsa(certificate);
  }

  private RecipientId id() {
    return isRsa()
        ? new JceKeyTransRecipientId(certificate)
        : new JceKeyAgreeRecipientId(certificate);
  }

  private Recipient recipient(boolean isAuthenticated) {
    if (isRsa()) {
      JceKeyTransRecipient recipient =
          isAuthenticated
              ? new JceKeyTransAuthEnvelopedRecipient(key)
              : new JceKeyTransEnvelopedRecipient(key);
      return isInModule() ? recipient : recipient.setProvider(Cms.PROVIDER);
    }
    JceKeyAgreeRecipient recipient =
        isAuthenticated
            ? new JceKeyAgreeAuthEnvelopedRecipient(key)
            : new JceKeyAgreeEnvelopedRecipient(key);
    return isInModule() ? recipient : recipient.setProvider(Cms.PROVIDER);
  }

  /** Whether the key never leaves a hardware module, whose own provider has to use it. */
  private boolean isInModule() {
    return key.getFormat() == null;
  }

  @Override
  public String toString() {
    return "CmsKey[" + Certificates.name(certificate) + "]";
  }
}
