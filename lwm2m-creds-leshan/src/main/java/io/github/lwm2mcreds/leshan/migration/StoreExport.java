// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.leshan.migration.NotTaken.Reason;
import io.github.lwm2mcreds.manifest.ManifestFormat;
import io.github.lwm2mcreds.manifest.ManifestWriter;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialSummary;
import io.github.lwm2mcreds.store.internal.PrivateOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Writes the credentials of a store, whose keys it must be able to open, to new files of mode 0600
 * that others load. A file is there whole or not at all, and none is overwritten.
 *
 * <p>An endpoint's current credential is written, not the next one of a rotation. What a format
 * cannot say is left out and reported. The files hold keys in clear, unless a password is given.
 */
public final class StoreExport {
  private final CredentialStore store;
  private final LongConsumer progress;

  private StoreExport(CredentialStore store, LongConsumer progress) {
    this.store = Objects.requireNonNull(store, "store");
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /**
   * Returns the export of a store.
   *
   * @param store stays the caller's
   * @return the export
   */
  public static StoreExport of(CredentialStore store) {
    return new StoreExport(store, done -> {});
  }

  /**
   * Returns an export that calls back after each credential.
   *
   * @param newProgress called on the exporting thread with the number of credentials so far; what
   *     it throws ends the export, and there is no file
   * @return a new export; this one does not change
   */
  public StoreExport onProgress(LongConsumer newProgress) {
    return new StoreExport(store, newProgress);
  }

  /** A file of a format, while it is written. */
  interface Target {
    /** Returns why the format cannot hold a credential. */
    Optional<String> problem(DeviceCredential credential);

    void write(DeviceCredential credential) throws IOException;
  }

  /**
   * Writes a file that the {@code FileSecurityStore} of the Leshan on the class path loads. All
   * keys are in memory meanwhile, as they are in a server with such a store.
   *
   * @param file a file that does not exist, in a folder that does
   * @return what was written
   * @throws java.nio.file.FileAlreadyExistsException if it exists; it stays as it is
   * @throws IOException if it cannot be written
   */
  public ExportReport toLeshanFile(Path file) throws IOException {
    try (PrivateOutput out = new PrivateOutput(file);
        LeshanFileTarget target = new LeshanFileTarget()) {
      ExportReport report = writeTo(target);
      target.finish(out);
      out.commit();
      return report;
    }
  }

  /**
   * Writes a plain file that Scandium's {@code MultiPskFileStore} loads. It has no endpoints: only
   * identities and keys.
   *
   * @param file a file that does not exist, in a folder that does
   * @return what was written
   * @throws java.nio.file.FileAlreadyExistsException if it exists; it stays as it is
   * @throws IOException if it cannot be written
   */
  public ExportReport toScandiumFile(Path file) throws IOException {
    try (PrivateOutput out = new PrivateOutput(file)) {
      ExportReport report = writeTo(new ScandiumFileTarget(out));
      out.commit();
      return report;
    }
  }

  /**
   * Writes an encrypted file that Scandium's {@code MultiPskFileStore} loads with a {@code
   * SecretKey} of the password's UTF-8 bytes.
   *
   * @param file a file that does not exist, in a folder that does
   * @param password the caller may wipe it afterwards
   * @return what was written
   * @throws java.nio.file.FileAlreadyExistsException if it exists; it stays as it is
   * @throws IOException if it cannot be written
   */
  public ExportReport toScandiumFile(Path file, char[] password) throws IOException {
    try (PrivateOutput out = new PrivateOutput(file);
        KeptOpen kept = new KeptOpen(out)) {
      ExportReport report;
      try (var encrypting = PskFileCipher.encrypting(kept, password)) {
        report = writeTo(new ScandiumFileTarget(encrypting));
      }
      out.commit();
      return report;
    }
  }

  /**
   * Writes a manifest in clear.
   *
   * @param file a file that does not exist, in a folder that does
   * @param format its format
   * @return what was written
   * @throws java.nio.file.FileAlreadyExistsException if it exists; it stays as it is
   * @throws IOException if it cannot be written
   */
  public ExportReport toManifest(Path file, ManifestFormat format) throws IOException {
    try (ManifestWriter writer = ManifestWriter.builder(format).create(file)) {
      ExportReport report = writeTo(new ManifestTarget(writer));
      writer.finish();
      return report;
    }
  }

  /** Every identity and endpoint fits into a manifest, as NDJSON escapes what is not UTF-8. */
  private record ManifestTarget(ManifestWriter writer) implements Target {
    @Override
    public Optional<String> problem(DeviceCredential credential) {
      return Optional.empty();
    }

    @Override
    public void write(DeviceCredential credential) throws IOException {
      writer.write(credential);
    }
  }

  private ExportReport writeTo(Target target) throws IOException {
    List<NotTaken> left = new ArrayList<>();
    long written = 0;
    try (Stream<CredentialSummary> all = store.stream()) {
      for (Iterator<CredentialSummary> i = all.iterator(); i.hasNext(); ) {
        String endpoint = i.next().endpoint();
        Optional<NotTaken> problem = write(written + left.size() + 1, endpoint, target);
        if (problem.isPresent()) {
          left.add(problem.get());
        } else {
          written++;
        }
        progress.accept(written + left.size());
      }
    }
    return new ExportReport(written, left);
  }

  private Optional<NotTaken> write(long number, String endpoint, Target target) throws IOException {
    Optional<DeviceCredential> found;
    try {
      found = store.findByEndpoint(endpoint);
    } catch (CredentialStoreException e) {
      if (!e.isUnopenedKey()) {
        throw e;
      }
      return left(number, endpoint, Reason.NO_KEY, e.getMessage());
    }
    if (found.isEmpty()) {
      return left(number, endpoint, Reason.NO_KEY, "it was removed from the store meanwhile");
    }
    DeviceCredential credential = found.get();
    try {
      Optional<String> problem = target.problem(credential);
      if (problem.isPresent()) {
        return left(number, endpoint, Reason.INVALID_VALUE, problem.get());
      }
      target.write(credential);
      return Optional.empty();
    } finally {
      credential.destroy();
    }
  }

  private static Optional<NotTaken> left(
      long number, String endpoint, Reason reason, String message) {
    return Optional.of(new NotTaken(number, Optional.of(endpoint), reason, message));
  }
}
