// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.Printable;
import io.github.lwm2mcreds.manifest.ManifestException.Reason;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.stream.Collectors;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationStore;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;

/** Whose signatures a CMS SignedData has. */
final class CmsSignatures {
  private CmsSignatures() {}

  /** Returns the first trusted signer who signed what was read. */
  static X509Certificate verify(SignerInformationStore found, TrustedSigners trusted)
      throws ManifestException, CMSException, OperatorCreationException {
    Collection<SignerInformation> signatures = found.getSigners();
    if (signatures.isEmpty()) {
      throw new ManifestException(
          Reason.UNSIGNED, "the file has no signature: anybody may have made it");
    }
    for (SignerInformation signature : signatures) {
      for (X509Certificate certificate : trusted.certificates()) {
        if (isOf(certificate, signature)) {
          requireValid(certificate, signature);
          return certificate;
        }
      }
    }
    throw new ManifestException(
        Reason.UNTRUSTED_SIGNER,
        "the file was signed by somebody else: "
            + signatures.stream().map(CmsSignatures::name).collect(Collectors.joining(", ")));
  }

  private static boolean isOf(X509Certificate certificate, SignerInformation signature)
      throws CMSException {
    try {
      return signature.getSID().match(new JcaX509CertificateHolder(certificate));
    } catch (CertificateEncodingException e) {
      throw new CMSException("a trusted certificate cannot be encoded", e);
    }
  }

  /** Verifies with the key alone: a listed certificate does not expire. */
  private static void requireValid(X509Certificate certificate, SignerInformation signature)
      throws ManifestException, CMSException, OperatorCreationException {
    boolean isValid =
        signature.verify(
            new JcaSimpleSignerInfoVerifierBuilder()
                .setProvider(Cms.PROVIDER)
                .build(certificate.getPublicKey()));
    if (!isValid) {
      throw new ManifestException(
          Reason.ALTERED,
          "the signature is not that of "
              + Certificates.name(certificate)
              + ", or the file was altered after it was signed");
    }
  }

  private static String name(SignerInformation signature) {
    return signature.getSID().getIssuer() == null
        ? "a key without a name"
        : "a certificate with the number "
            + signature.getSID().getSerialNumber().toString(16)
            + " of '"
            + Printable.escape(signature.getSID().getIssuer().toString())
            + "'";
  }
}
