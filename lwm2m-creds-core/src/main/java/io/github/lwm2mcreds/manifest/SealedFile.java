// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import io.github.lwm2mcreds.manifest.ManifestException.Reason;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataParser;
import org.bouncycastle.cms.CMSTypedStream;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * A signed file, which is read twice: once to verify its signature, and once for its content. The
 * second time is only as good as the first if both read the same bytes, so they are compared.
 */
final class SealedFile implements Closeable {
  private final FileChannel channel;

  SealedFile(Path file) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.READ);
  }

  /**
   * What the first reading found.
   *
   * @param signer whose signature it is
   * @param kind what was signed; empty for what is not CMS
   * @param digest the digest of all bytes
   */
  record Verified(X509Certificate signer, Optional<CmsKind> kind, String digest) {}

  /** Verifies a sealed manifest. */
  Verified verify(TrustedSigners signers) throws IOException {
    Verified verified = verifySigned(signers);
    if (verified.kind().filter(CmsKind::isSealed).isEmpty()) {
      throw new ManifestException(Reason.NOT_SEALED, "the file is signed, but it is not sealed");
    }
    return verified;
  }

  /** Verifies whatever is signed. */
  Verified verifySigned(TrustedSigners signers) throws IOException {
    Pass pass = new Pass(channel);
    requireSigned(pass);
    try {
      CMSSignedDataParser parser = parser(pass);
      BufferedInputStream content = content(parser);
      Optional<CmsKind> kind = CmsKind.of(content);
      content.transferTo(OutputStream.nullOutputStream());
      X509Certificate signer = CmsSignatures.verify(parser.getSignerInfos(), signers);
      return new Verified(signer, kind, pass.end());
    } catch (ManifestException e) {
      throw pass.isCut() ? truncated(e) : e;
    } catch (IOException | CMSException | OperatorCreationException | RuntimeException e) {
      throw pass.isCut() ? truncated(e) : altered(e);
    }
  }

  private static void requireSigned(Pass pass) throws IOException {
    Optional<CmsKind> kind = CmsKind.of(pass.buffered());
    if (kind.isEmpty()) {
      throw new ManifestException(
          Reason.NOT_SEALED,
          "the file is not a CMS message in DER or BER, as sealed manifests are");
    }
    if (kind.get().isSealed()) {
      throw new ManifestException(
          Reason.UNSIGNED, "the manifest is sealed but not signed: anybody may have made it");
    }
  }

  private static CMSSignedDataParser parser(Pass pass)
      throws CMSException, OperatorCreationException {
    return new CMSSignedDataParser(
        new JcaDigestCalculatorProviderBuilder().setProvider(Cms.PROVIDER).build(), pass);
  }

  private static BufferedInputStream content(CMSSignedDataParser parser) throws IOException {
    CMSTypedStream content = parser.getSignedContent();
    if (content == null) {
      throw new ManifestException(
          Reason.NOT_SEALED, "the file is a signature without what was signed");
    }
    return new BufferedInputStream(content.getContentStream(), 1 << 16);
  }

  /** Opens a sealed manifest that was verified; closing the stream closes the file. */
  InputStream open(Verified verified, CmsKey key) throws IOException {
    Pass pass = new Pass(channel);
    try {
      InputStream sealed = content(parser(pass));
      return new VerifiedInput(
          key.open(verified.kind().orElseThrow(), sealed), pass, verified, this);
    } catch (CMSException | OperatorCreationException e) {
      throw altered(e);
    }
  }

  /** Returns what was signed and verified; closing the stream closes the file. */
  InputStream content(Verified verified) throws IOException {
    Pass pass = new Pass(channel);
    try {
      return new VerifiedInput(content(parser(pass)), pass, verified, this);
    } catch (CMSException | OperatorCreationException e) {
      throw altered(e);
    }
  }

  static ManifestException altered(Exception cause) {
    return new ManifestException(
        Reason.ALTERED, "the file was altered after it was signed; get it again", cause);
  }

  private static ManifestException truncated(Exception cause) {
    return new ManifestException(
        Reason.TRUNCATED, "the end of the file is missing; get it again", cause);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
