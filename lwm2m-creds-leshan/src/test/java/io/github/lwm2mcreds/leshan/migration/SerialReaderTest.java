// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import static io.github.lwm2mcreds.leshan.migration.Entries.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.leshan.migration.SourceException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.Test;

/** Files that nobody's {@code FileSecurityStore} wrote. */
class SerialReaderTest {
  private static final String INFO = SecurityInfo.class.getName();
  private static final Set<String> NAMES = Set.of(INFO, "[L" + INFO + ";");

  /** A class that does something when it is deserialised, as those of an attack do. */
  private static final class Gadget implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final AtomicInteger RUNS = new AtomicInteger();

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      RUNS.incrementAndGet();
    }
  }

  private static byte[] serialized(Object object) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(object);
    }
    return out.toByteArray();
  }

  private static byte[] infos(int count) throws IOException {
    SecurityInfo[] infos = new SecurityInfo[count];
    Arrays.setAll(infos, i -> SecurityInfo.newPreSharedKeyInfo("dev-" + i, "id-" + i, key(i)));
    return serialized(infos);
  }

  /** Makes a stream of hex, where {@code <name>} is a text with its length. */
  private static byte[] stream(String pattern) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String part : pattern.replace("<", " <").replace(">", "> ").trim().split(" +")) {
      if (part.startsWith("<")) {
        byte[] text = part.substring(1, part.length() - 1).getBytes();
        out.write(text.length >> 8);
        out.write(text.length);
        out.writeBytes(text);
      } else {
        out.writeBytes(HexFormat.of().parseHex(part));
      }
    }
    return out.toByteArray();
  }

  private static final String BEGIN =
      "aced0005 75 72 <[L" + INFO + ";> 0000000000000001 02 0000 78 70 00000001 ";

  private static List<SourceEntry> read(byte[] content) throws IOException {
    return Entries.all(LeshanStoreFile.of(new ByteArrayInputStream(content), KeyPolicy.strict()));
  }

  private static void assertRefused(byte[] content, Reason reason, String message) {
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> read(content))
        .withMessageContaining(message)
        .extracting(SourceException::reason)
        .isEqualTo(reason);
  }

  @Test
  void stream_ofAnotherClass_isRefusedAndRunsNothing() throws Exception {
    byte[] gadget = serialized(new Gadget());
    new ObjectInputStream(new ByteArrayInputStream(gadget)).readObject();
    assertThat(Gadget.RUNS).as("runs where Java deserialises it").hasValue(1);

    assertRefused(gadget, Reason.MALFORMED, "something else than an array");
    assertRefused(serialized(new Gadget[] {new Gadget()}), Reason.NOT_ALLOWED, "Gadget");
    assertRefused(serialized(new HashMap<>()), Reason.MALFORMED, "something else than an array");
    assertThat(Gadget.RUNS).hasValue(1);
  }

  @Test
  void gadget_inPlaceOfAnInfoOrOfAField_isRefusedAndRunsNothing() throws Exception {
    int before = Gadget.RUNS.get();
    String gadget = "73 72 <" + Gadget.class.getName() + "> 0000000000000001 02 0000 78 70";
    assertRefused(stream(BEGIN + gadget), Reason.NOT_ALLOWED, "Gadget");
    String info =
        "73 72 <"
            + INFO
            + "> 0000000000000001 02 0001 4c <endpoint> 74 <Ljava/lang/String;> 78 70 ";
    assertRefused(stream(BEGIN + info + gadget), Reason.NOT_ALLOWED, "Gadget");
    assertThat(Gadget.RUNS).hasValue(before);
  }

  @Test
  void proxy_isRefused() throws Exception {
    Object proxy =
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Runnable.class},
            (java.lang.reflect.InvocationHandler & Serializable) (p, m, a) -> null);
    byte[] whole = serialized(new Object[] {proxy});
    assertRefused(whole, Reason.NOT_ALLOWED, "java.lang.Object");
    assertRefused(
        stream(BEGIN + "73 7d 00000001 <java.lang.Runnable> 78 70"),
        Reason.NOT_ALLOWED,
        "a dynamic proxy");
    assertRefused(stream(BEGIN + "7d"), Reason.NOT_ALLOWED, "a dynamic proxy");
  }

  @Test
  void hugeArrays_areRefusedWithoutRoomForThem() {
    String info = "73 72 <" + INFO + "> 0000000000000001 02 0001 5b <preSharedKey> 74 <[B> 78 70 ";
    assertRefused(
        stream(BEGIN + info + "75 72 <[B> 0000000000000000 02 0000 78 70 7fffffff 00"),
        Reason.TOO_LARGE,
        "an array has 2147483647 bytes");
    assertRefused(
        stream(BEGIN.replace("00000001 ", "7fffffff ")), Reason.TRUNCATED, "ends too early");
    assertRefused(
        stream(BEGIN.replace("70 00000001 ", "70 ffffffff ")), Reason.MALFORMED, "-1 objects");
  }

  /** A file of a few hundred megabytes is not to take many gigabytes of memory. */
  @Test
  void objectsOfManyFields_takeLittleMoreRoomThanInTheFile() throws Exception {
    int count = 20_000;
    String fields =
        IntStream.range(0, 32).mapToObj(i -> "5a <f" + i + "> ").collect(Collectors.joining());
    String first = "73 72 <" + INFO + "> 0000000000000001 02 0020 " + fields + "78 70 ";
    String more = "73 71 007e0002 " + "01".repeat(32);
    byte[] content =
        stream(BEGIN.replace("00000001 ", "7fffffff ") + first + "01".repeat(32) + " ");
    byte[] object = stream(more);
    byte[] whole = Arrays.copyOf(content, content.length + count * object.length);
    for (int i = 0; i < count; i++) {
      System.arraycopy(object, 0, whole, content.length + i * object.length, object.length);
    }

    try (SerialReader reader = new SerialReader(new ByteArrayInputStream(whole), NAMES)) {
      assertThat(reader.beginArray(Set.of("[L" + INFO + ";"))).isPositive();
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      int found = 0;
      for (int i = 0; i <= count; i++) {
        found += reader.next().isTrue("f31") ? 1 : 0;
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(found).isEqualTo(count + 1);
      assertThat(allocated).isLessThan(12L * whole.length);
    }
  }

  @Test
  void deepNesting_isRefused() {
    String nested =
        "73 72 <"
            + INFO
            + "> 0000000000000001 02 0001 4c <endpoint> 74 <Ljava/lang/Object;> 78 70 ";
    String again = "73 71 007e0002 ";
    assertRefused(
        stream(BEGIN + nested + again.repeat(100_000)), Reason.TOO_LARGE, "nested more than 8");
    String parents = ("72 <" + INFO + "> 0000000000000001 02 0000 78 ").repeat(100_000);
    assertRefused(stream(BEGIN + "73 " + parents), Reason.TOO_LARGE, "superclasses");
  }

  @Test
  void manyFields_areRefused() {
    assertRefused(
        stream(BEGIN + "73 72 <" + INFO + "> 0000000000000001 02 ffff"),
        Reason.TOO_LARGE,
        "65535 fields");
  }

  @Test
  void referenceToNothing_isRefused() {
    assertRefused(stream(BEGIN + "71 007e00ff"), Reason.MALFORMED, "what is not there");
    assertRefused(stream(BEGIN + "71 00000000"), Reason.MALFORMED, "what is not there");
    assertRefused(stream(BEGIN + "73 71 007e0001"), Reason.MALFORMED, "no class");
  }

  @Test
  void exceptionsClassesAndResets_areRefused() {
    for (String type : List.of("76", "79", "7b", "7c")) {
      assertRefused(stream(BEGIN + type), Reason.NOT_ALLOWED, "the file holds");
    }
  }

  @Test
  void somethingBehindTheArray_isRefused() throws Exception {
    byte[] longer = Arrays.copyOf(infos(1), infos(1).length + 1);
    assertRefused(longer, Reason.MALFORMED, "more than one array");
  }

  @Test
  void emptyOrOtherFile_isRefused() {
    assertRefused(new byte[0], Reason.TRUNCATED, "ends too early");
    assertRefused("endpoint,psk\n".getBytes(), Reason.OTHER_FORMAT, "Java serialised");
  }

  @Test
  void nullInPlaceOfAnInfo_isNamedAndTheRestIsRead() throws Exception {
    byte[] content =
        serialized(
            new SecurityInfo[] {null, SecurityInfo.newPreSharedKeyInfo("dev", "dev", key(1))});

    assertThat(read(content))
        .hasSize(2)
        .first()
        .isInstanceOfSatisfying(
            NotTaken.class, e -> assertThat(e.reason()).isEqualTo(NotTaken.Reason.MALFORMED));
  }

  @Test
  void everyTruncation_isNoticed() throws Exception {
    byte[] whole = infos(2);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatExceptionOfType(SourceException.class).isThrownBy(() -> read(part));
    }
  }

  /** Whatever the file is, reading it ends in entries or in a SourceException. */
  @Test
  void everyChangeOfAByte_givesEntriesOrAnErrorOfOurs() throws Exception {
    byte[] whole = infos(2);
    int refused = 0;
    for (int i = 0; i < whole.length; i++) {
      for (int change : new int[] {0x01, 0x80, 0xff}) {
        byte[] other = whole.clone();
        other[i] ^= (byte) change;
        try {
          read(other);
        } catch (SourceException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void close_wipesTheKeys() throws Exception {
    List<byte[]> keys = new ArrayList<>();
    try (SerialReader reader = new SerialReader(new ByteArrayInputStream(infos(2)), NAMES)) {
      reader.beginArray(Set.of("[L" + INFO + ";"));
      keys.add(reader.next().bytes("preSharedKey"));
      keys.add(reader.next().bytes("preSharedKey"));
      assertThat(keys.get(1)).isEqualTo(key(1));
    }

    assertThat(keys).allSatisfy(key -> assertThat(key).containsOnly(0));
  }
}
