// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.KeyRandom;
import io.github.lwm2mcreds.manifest.ManifestSealer.Encryption;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.List;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSAuthEnvelopedDataStreamGenerator;
import org.bouncycastle.cms.CMSEnvelopedDataStreamGenerator;
import org.bouncycastle.cms.CMSEnvelopedGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataStreamGenerator;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;

/** Writes CMS: a SignedData with its content, and an enveloped one in it. */
final class CmsWriting {
  private static final int PIECE = 1 << 15;
  private static final OAEPParameterSpec OAEP =
      new OAEPParameterSpec(
          "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

  private CmsWriting() {}

  static SealedOutput sign(OutputStream out, ManifestSigner signer)
      throws IOException, CMSException, OperatorCreationException, GeneralSecurityException {
    return new SealedOutput(List.of(signed(out, signer)));
  }

  static SealedOutput seal(
      OutputStream out,
      List<X509Certificate> recipients,
      ManifestSigner signer,
      Encryption encryption)
      throws IOException, CMSException, OperatorCreationException, GeneralSecurityException {
    OutputStream signed = signed(out, signer);
    OutputStream sealed =
        encryption == Encryption.AES_256_GCM
            ? authEnveloped(signed, recipients)
            : enveloped(signed, recipients);
    return new SealedOutput(List.of(sealed, signed));
  }

  private static OutputStream signed(OutputStream out, ManifestSigner signer)
      throws IOException, CMSException, OperatorCreationException, GeneralSecurityException {
    CMSSignedDataStreamGenerator generator = new CMSSignedDataStreamGenerator();
    generator.setBufferSize(PIECE);
    String algorithm =
        Certificates.isRsa(signer.certificate()) ? "SHA256withRSA" : "SHA256withECDSA";
    generator.addSignerInfoGenerator(
        new JcaSimpleSignerInfoGeneratorBuilder()
            .build(algorithm, signer.key(), signer.certificate()));
    generator.addCertificates(new JcaCertStore(List.of(signer.certificate())));
    return generator.open(out, true);
  }

  private static OutputStream authEnveloped(OutputStream out, List<X509Certificate> recipients)
      throws IOException, CMSException, GeneralSecurityException {
    CMSAuthEnvelopedDataStreamGenerator generator = new CMSAuthEnvelopedDataStreamGenerator();
    generator.setBufferSize(PIECE);
    addRecipients(generator, recipients);
    return generator.open(
        out,
        (OutputAEADEncryptor)
            new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_GCM)
                .setProvider(Cms.PROVIDER)
                .setSecureRandom(KeyRandom.newGenerator())
                .build());
  }

  private static OutputStream enveloped(OutputStream out, List<X509Certificate> recipients)
      throws IOException, CMSException, GeneralSecurityException {
    CMSEnvelopedDataStreamGenerator generator = new CMSEnvelopedDataStreamGenerator();
    generator.setBufferSize(PIECE);
    addRecipients(generator, recipients);
    return generator.open(
        out,
        new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC)
            .setProvider(Cms.PROVIDER)
            .setSecureRandom(KeyRandom.newGenerator())
            .build());
  }

  private static void addRecipients(
      CMSEnvelopedGenerator generator, List<X509Certificate> recipients)
      throws GeneralSecurityException {
    for (X509Certificate recipient : recipients) {
      generator.addRecipientInfoGenerator(
          Certificates.isRsa(recipient) ? keyTransport(recipient) : keyAgreement(recipient));
    }
  }

  private static RecipientInfoGenerator keyTransport(X509Certificate recipient)
      throws GeneralSecurityException {
    AlgorithmIdentifier oaep =
        new JcaAlgorithmParametersConverter()
            .getAlgorithmIdentifier(PKCSObjectIdentifiers.id_RSAES_OAEP, OAEP);
    return new JceKeyTransRecipientInfoGenerator(recipient, oaep).setProvider(Cms.PROVIDER);
  }

  private static RecipientInfoGenerator keyAgreement(X509Certificate recipient)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", Cms.PROVIDER);
    generator.initialize(
        ((ECPublicKey) recipient.getPublicKey()).getParams(), KeyRandom.newGenerator());
    KeyPair ephemeral = generator.generateKeyPair();
    return new JceKeyAgreeRecipientInfoGenerator(
            CMSAlgorithm.ECDH_SHA256KDF,
            ephemeral.getPrivate(),
            ephemeral.getPublic(),
            CMSAlgorithm.AES256_WRAP)
        .addRecipient(recipient)
        .setProvider(Cms.PROVIDER);
  }
}
