// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.californium.scandium.dtls.cipher.CCMBlockCipher;

/**
 * A device's side of a full DTLS 1.2 handshake with a pre-shared key and {@code
 * TLS_PSK_WITH_AES_128_CCM_8}, and of an echo after it (RFC 6347, RFC 4279, RFC 6655, RFC 7627). It
 * needs so little memory and time that one thread plays thousands of devices.
 *
 * <p>It is fed with datagrams, and says which one to send next; sending that again is up to its
 * caller.
 */
final class PskHandshake {
  private static final byte CHANGE_CIPHER_SPEC = 20;
  private static final byte ALERT = 21;
  private static final byte HANDSHAKE = 22;
  private static final byte APPLICATION_DATA = 23;

  private static final byte CLIENT_HELLO = 1;
  private static final byte SERVER_HELLO = 2;
  private static final byte HELLO_VERIFY_REQUEST = 3;
  private static final byte SERVER_HELLO_DONE = 14;
  private static final byte CLIENT_KEY_EXCHANGE = 16;
  private static final byte FINISHED = 20;

  private static final int RECORD_HEADER = 13;
  private static final int MESSAGE_HEADER = 12;
  private static final int RANDOM = 32;
  private static final int EXPLICIT_NONCE = 8;
  private static final int TAG = 8;
  private static final int KEY = 16;
  private static final int IV = 4;
  private static final int SECRET = 48;
  private static final int VERIFY_DATA = 12;

  /** How far a handshake has come. */
  enum State {
    /** It waits for the server. */
    UNDER_WAY,
    /** The echo has arrived. */
    DONE,
    /** The server has sent an alert. */
    REFUSED
  }

  private final byte[] identity;
  private final byte[] key;
  private final byte[] random;
  private final MessageDigest transcript = sha256();
  private byte[] serverRandom;
  private byte[] cookie = new byte[0];
  private int hellos;
  private int plainRecords;
  private long sealedRecords;
  private byte[] master;
  private SecretKeySpec ownKey;
  private SecretKeySpec serverKey;
  private byte[] ownIv;
  private byte[] serverIv;
  private byte[] keyExchange;
  private byte[] finished;
  private boolean isServerFinished;
  private State state = State.UNDER_WAY;

  /**
   * Begins a handshake.
   *
   * @param random 32 bytes
   */
  PskHandshake(byte[] identity, byte[] key, byte[] random) {
    this.identity = identity;
    this.key = key;
    this.random = random;
  }

  State state() {
    return state;
  }

  /** Returns the datagram that has to be sent now, or again. */
  byte[] datagram() throws GeneralSecurityException {
    ByteArrayOutputStream datagram = new ByteArrayOutputStream();
    if (isServerFinished) {
      datagram.writeBytes(sealed(APPLICATION_DATA, new byte[] {1}));
    } else if (keyExchange != null) {
      datagram.writeBytes(plain(HANDSHAKE, keyExchange));
      datagram.writeBytes(plain(CHANGE_CIPHER_SPEC, new byte[] {1}));
      datagram.writeBytes(sealed(HANDSHAKE, finished));
    } else {
      datagram.writeBytes(plain(HANDSHAKE, hello()));
    }
    return datagram.toByteArray();
  }

  /** Takes in a datagram; returns whether there is something new to send. */
  boolean receive(ByteBuffer datagram) throws GeneralSecurityException {
    boolean isNew = false;
    while (datagram.remaining() > RECORD_HEADER && state == State.UNDER_WAY) {
      byte type = datagram.get();
      datagram.getShort(); // version
      long number = datagram.getLong();
      byte[] content = new byte[datagram.getShort() & 0xffff];
      datagram.get(content);
      boolean isSealed = number >>> Long.SIZE - Short.SIZE != 0;
      if (type == HANDSHAKE && !isSealed) {
        isNew |= receiveMessages(ByteBuffer.wrap(content));
      } else if (type == ALERT) {
        state = State.REFUSED;
      } else if (isSealed && serverKey != null) {
        isNew |= receiveSealed(type, number, content);
      }
    }
    return isNew;
  }

  private boolean receiveMessages(ByteBuffer messages) throws GeneralSecurityException {
    boolean isNew = false;
    while (messages.remaining() >= MESSAGE_HEADER) {
      int start = messages.position();
      byte type = messages.get(start);
      int length = messages.getInt(start) & 0xffffff;
      byte[] message = new byte[MESSAGE_HEADER + length];
      messages.get(message);
      isNew |= receiveMessage(type, message);
    }
    return isNew;
  }

  private boolean receiveMessage(byte type, byte[] message) throws GeneralSecurityException {
    if (type == HELLO_VERIFY_REQUEST && hellos == 0) {
      int length = message[MESSAGE_HEADER + 2] & 0xff;
      cookie = Arrays.copyOfRange(message, MESSAGE_HEADER + 3, MESSAGE_HEADER + 3 + length);
      hellos = 1;
      return true;
    }
    if (type == SERVER_HELLO && serverRandom == null) {
      serverRandom = Arrays.copyOfRange(message, MESSAGE_HEADER + 2, MESSAGE_HEADER + 2 + RANDOM);
      transcript.update(hello());
      transcript.update(message);
    } else if (type == SERVER_HELLO_DONE && serverRandom != null && keyExchange == null) {
      transcript.update(message);
      exchangeKeys();
      return true;
    }
    return false;
  }

  private void exchangeKeys() throws GeneralSecurityException {
    byte[] body =
        ByteBuffer.allocate(Short.BYTES + identity.length)
            .putShort((short) identity.length)
            .put(identity)
            .array();
    int number = hellos + 1;
    keyExchange = message(CLIENT_KEY_EXCHANGE, number, body);
    transcript.update(keyExchange);
    byte[] hash = transcript.digest();
    byte[] preMaster =
        ByteBuffer.allocate(2 * (Short.BYTES + key.length))
            .putShort((short) key.length)
            .put(new byte[key.length])
            .putShort((short) key.length)
            .put(key)
            .array();
    master = pseudoRandom(preMaster, "extended master secret", hash, SECRET);
    byte[] seed = ByteBuffer.allocate(2 * RANDOM).put(serverRandom).put(random).array();
    byte[] block = pseudoRandom(master, "key expansion", seed, 2 * (KEY + IV));
    ownKey = new SecretKeySpec(block, 0, KEY, "AES");
    serverKey = new SecretKeySpec(block, KEY, KEY, "AES");
    ownIv = Arrays.copyOfRange(block, 2 * KEY, 2 * KEY + IV);
    serverIv = Arrays.copyOfRange(block, 2 * KEY + IV, block.length);
    finished =
        message(FINISHED, number + 1, pseudoRandom(master, "client finished", hash, VERIFY_DATA));
  }

  /** What opens is the server's, as nobody else has the key. */
  private boolean receiveSealed(byte type, long number, byte[] content)
      throws GeneralSecurityException {
    byte[] nonce =
        ByteBuffer.allocate(IV + EXPLICIT_NONCE)
            .put(serverIv)
            .put(content, 0, EXPLICIT_NONCE)
            .array();
    int length = content.length - EXPLICIT_NONCE - TAG;
    byte[] opened =
        CCMBlockCipher.decrypt(
            serverKey,
            nonce,
            header(type, number, length),
            content,
            EXPLICIT_NONCE,
            length + TAG,
            TAG);
    if (type == HANDSHAKE && opened[0] == FINISHED && !isServerFinished) {
      isServerFinished = true;
      return true;
    }
    if (type == APPLICATION_DATA && isServerFinished) {
      state = State.DONE;
    }
    return false;
  }

  private byte[] hello() {
    byte[] body =
        ByteBuffer.allocate(48 + cookie.length)
            .putShort((short) 0xfefd)
            .put(random)
            .put((byte) 0) // no session to resume
            .put((byte) cookie.length)
            .put(cookie)
            .put(new byte[] {0, 2, (byte) 0xc0, (byte) 0xa8}) // the cipher suite
            .put(new byte[] {1, 0}) // no compression
            .put(new byte[] {0, 4, 0, 23, 0, 0}) // extended master secret
            .array();
    return message(CLIENT_HELLO, hellos, body);
  }

  private static byte[] message(byte type, int number, byte[] body) {
    return ByteBuffer.allocate(MESSAGE_HEADER + body.length)
        .putInt(type << 24 | body.length)
        .putShort((short) number)
        .put(new byte[3]) // offset
        .put((byte) 0)
        .putShort((short) body.length)
        .put(body)
        .array();
  }

  private byte[] plain(byte type, byte[] content) {
    return ByteBuffer.allocate(RECORD_HEADER + content.length)
        .put(type)
        .putShort((short) 0xfefd)
        .putLong(plainRecords++)
        .putShort((short) content.length)
        .put(content)
        .array();
  }

  private byte[] sealed(byte type, byte[] content) throws GeneralSecurityException {
    long number = 1L << Long.SIZE - Short.SIZE | sealedRecords++;
    byte[] nonce = ByteBuffer.allocate(IV + EXPLICIT_NONCE).put(ownIv).putLong(number).array();
    byte[] encrypted =
        CCMBlockCipher.encrypt(ownKey, nonce, header(type, number, content.length), content, TAG);
    return ByteBuffer.allocate(RECORD_HEADER + EXPLICIT_NONCE + encrypted.length)
        .put(type)
        .putShort((short) 0xfefd)
        .putLong(number)
        .putShort((short) (EXPLICIT_NONCE + encrypted.length))
        .putLong(number)
        .put(encrypted)
        .array();
  }

  private static byte[] header(byte type, long number, int length) {
    return ByteBuffer.allocate(RECORD_HEADER)
        .putLong(number)
        .put(type)
        .putShort((short) 0xfefd)
        .putShort((short) length)
        .array();
  }

  /** The function of RFC 5246, section 5, with SHA-256. */
  private static byte[] pseudoRandom(byte[] secret, String label, byte[] seed, int length)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, mac.getAlgorithm()));
    byte[] labelled =
        ByteBuffer.allocate(label.length() + seed.length)
            .put(label.getBytes(US_ASCII))
            .put(seed)
            .array();
    ByteBuffer result = ByteBuffer.allocate(length + mac.getMacLength());
    byte[] a = mac.doFinal(labelled);
    while (result.position() < length) {
      mac.update(a);
      result.put(mac.doFinal(labelled));
      a = mac.doFinal(a);
    }
    return Arrays.copyOf(result.array(), length);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
