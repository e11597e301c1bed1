package io.github.lwm2mcreds.manifest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.BERTags;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** What sealing, signing, verifying and opening share. */
final class Cms {
  /**
   * Bouncy Castle's own ciphers, which hand on what they decrypt piece by piece; those of the JDK
   * keep all of it until its end.
   */
  static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

  private static final int HEAD = 64; // a tag, a length and an object identifier

  private Cms() {}

  /** The kinds of CMS that are read here. */
  enum Kind {
    SIGNED(CMSObjectIdentifiers.signedData),
    ENVELOPED(CMSObjectIdentifiers.envelopedData),
    AUTH_ENVELOPED(CMSObjectIdentifiers.authEnvelopedData);

    private final ASN1ObjectIdentifier type;

    Kind(ASN1ObjectIdentifier type) {
      this.type = type;
    }

    boolean isSealed() {
      return this != SIGNED;
    }
  }

  /** Returns what a stream begins with, without moving it; empty if it is something else. */
  static Optional<Kind> kind(BufferedInputStream in) throws IOException {
    in.mark(HEAD);
    byte[] head = in.readNBytes(HEAD);
    in.reset();
    int at = start(head);
    for (Kind kind : Kind.values()) {
      byte[] type = kind.type.getEncoded();
      if (at > 0
          && at + type.length <= head.length
          && Arrays.equals(head, at, at + type.length, type, 0, type.length)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** Returns where the first element of a sequence begins; 0 if there is no sequence. */
  private static int start(byte[] head) {
    if (head.length < 2 || head[0] != (BERTags.SEQUENCE | BERTags.CONSTRUCTED)) {
      return 0;
    }
    return 2 + (head[1] < 0 ? head[1] & 0x7f : 0); // a long length has its own length first
  }
}
