// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.lwm2mcreds.Hostile;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataParser;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Sealed manifests that may be anything: nothing opens but what was signed. */
@Timeout(Hostile.SECONDS)
class SealedManifestFuzzTest {
  private static final TestIdentity SENDER = TestIdentity.FACTORY;
  private static final TestIdentity RECEIVER = TestIdentity.EC_SERVER;
  private static final byte[] SEALED = written(Optional.of(SENDER));
  private static final byte[] CONTENT = written(Optional.empty());
  private static final Path FILE = newFile();

  private static byte[] written(Optional<TestIdentity> signer) {
    ManifestWriter.Builder builder =
        ManifestWriter.builder(ManifestFormat.CSV).columns("board", "site");
    try {
      if (signer.isPresent()) {
        builder.sealedBy(
            ManifestSealer.builder(signer.get().signer())
                .recipient(RECEIVER.certificate())
                .build());
      }
      return TestManifests.write(builder, TestManifests.example());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Path newFile() {
    try {
      Path file = Files.createTempFile("sealed-manifest", ".p7m");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<byte[]> files() {
    return Stream.of(SEALED);
  }

  @MethodSource("files")
  @FuzzTest
  void file_anyBytes_opensToWhatWasSignedOrIsRefused(byte[] file) throws Exception {
    Files.write(FILE, file);
    Optional<byte[]> opened =
        Hostile.decode(
            file.length,
            () -> {
              try (InputStream in = RECEIVER.opener(SENDER).open(FILE)) {
                return in.readAllBytes();
              }
            },
            ManifestException.class);
    opened.ifPresent(content -> assertThat(content).isEqualTo(CONTENT));
  }

  static Stream<byte[]> contents() throws Exception {
    CMSSignedDataParser parser =
        new CMSSignedDataParser(
            new JcaDigestCalculatorProviderBuilder().setProvider(Cms.PROVIDER).build(),
            new ByteArrayInputStream(SEALED));
    return Stream.of(parser.getSignedContent().getContentStream().readAllBytes());
  }

  /** What a trusted signer has signed may still be anything. */
  @MethodSource("contents")
  @FuzzTest
  void content_anyBytes_isOpenedOrRefused(byte[] content) throws Exception {
    BufferedInputStream in = new BufferedInputStream(new ByteArrayInputStream(content));
    Optional<CmsKind> kind = CmsKind.of(in);
    if (kind.isPresent()) {
      CmsKey key = new CmsKey(RECEIVER.key(), RECEIVER.certificate());
      Hostile.decode(
          content.length,
          () -> new VerifiedInput(key.open(kind.get(), in), null, null, in).readAllBytes(),
          IOException.class,
          CMSException.class);
    }
  }
}
