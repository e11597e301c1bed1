// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A receiver's word on a lot: how many of its devices were taken, and which were not and why. It
 * travels as a CMS SignedData (RFC 5652) of NDJSON, which {@code openssl cms -verify} shows.
 *
 * @param lot the lot, as its manifest states it
 * @param time when it was taken
 * @param taken how many devices were taken
 * @param notTaken those that were not, in the manifest's order
 */
public record ManifestReceipt(Lot lot, Instant time, long taken, List<NotTaken> notTaken) {
  /**
   * A device that was not taken.
   *
   * @param line the line of its row in the manifest
   * @param endpoint its endpoint if the row has a valid one
   * @param reason why, for programs: 1 to 64 ASCII characters, such as {@code WEAK_KEY}
   * @param message the same for people, on one line; never a key
   */
  public record NotTaken(long line, Optional<String> endpoint, String reason, String message) {
    /**
     * Checks the values.
     *
     * @param line the line of its row in the manifest
     * @param endpoint its endpoint
     * @param reason why, for programs
     * @param message the same for people
     */
    public NotTaken {
      Objects.requireNonNull(endpoint, "endpoint");
      if (!reason.matches("[!-~]{1,64}") || message.length() > MAX_MESSAGE) {
        throw new IllegalArgumentException(
            "a reason has 1 to 64 ASCII characters, a message at most " + MAX_MESSAGE);
      }
    }

    /**
     * Returns a problem of a manifest as a device that was not taken.
     *
     * @param problem what was wrong with the row
     * @return the device
     */
    public static NotTaken of(ManifestProblem problem) {
      String message = problem.message();
      return new NotTaken(
          problem.line(),
          problem.endpoint(),
          problem.reason().name(),
          message.substring(0, Math.min(message.length(), MAX_MESSAGE)));
    }
  }

  private static final int MAX_MESSAGE = 4096;

  /**
   * Checks the values.
   *
   * @param lot the lot
   * @param time when it was taken
   * @param taken how many devices were taken
   * @param notTaken those that were not
   */
  public ManifestReceipt {
    Objects.requireNonNull(lot, "lot");
    Objects.requireNonNull(time, "time");
    if (taken < 0) {
      throw new IllegalArgumentException("nobody takes fewer than no devices");
    }
    notTaken = List.copyOf(notTaken);
  }

  /**
   * Signs the receipt.
   *
   * @param signer the receiver
   * @param out where it goes; stays open
   * @throws ManifestException if Bouncy Castle is missing or cannot use the key
   * @throws IOException if it cannot be written
   */
  public void sign(ManifestSigner signer, OutputStream out) throws IOException {
    BouncyCastle.guarded(
        () -> {
          SealedOutput signed = CmsWriting.sign(out, signer);
          ReceiptText.write(this, signed);
          signed.finish();
          return null;
        });
  }

  /**
   * Reads a receipt after verifying its signature.
   *
   * @param file a signed receipt
   * @param signers whose receipts to accept
   * @return the receipt
   * @throws ManifestException if it is unsigned, signed by another, altered, cut, or no receipt
   * @throws IOException if the file cannot be read
   */
  public static ManifestReceipt verify(Path file, TrustedSigners signers) throws IOException {
    return BouncyCastle.guarded(
        () -> {
          try (SealedFile signed = new SealedFile(file)) {
            return ReceiptText.read(signed.content(signed.verifySigned(signers)));
          }
        });
  }
}
