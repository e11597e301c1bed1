// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialGeneratorTest {
  private static List<String> endpoints(String template, long firstNumber, int count) {
    CredentialGenerator generator =
        CredentialGenerator.builder().endpointTemplate(template).firstNumber(firstNumber).build();
    return Stream.generate(generator::next).limit(count).map(DeviceCredential::endpoint).toList();
  }

  @Test
  void next_defaults_areARandomUuidAndA16ByteKey() {
    DeviceCredential credential = CredentialGenerator.builder().build().next();
    assertThat(credential.endpoint())
        .matches("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(credential.pskIdentity().asString()).isEqualTo(credential.endpoint());
    assertThat(credential.psk().length()).isEqualTo(16);
  }

  @Test
  void next_randomUuids_varyInEveryFreeDigit() {
    List<String> uuids = endpoints("urn:uuid:", 0, 200);
    Set<Integer> fixed = Set.of(8, 13, 14, 18, 23); // hyphens, and the version
    for (int i = 0; i < 36; i++) {
      int at = "urn:uuid:".length() + i;
      long different = uuids.stream().map(uuid -> uuid.charAt(at)).distinct().count();
      assertThat(different > 1).as("digit %d varies", i).isEqualTo(!fixed.contains(i));
    }
  }

  @Test
  void next_counters_countFromTheFirstNumber() {
    assertThat(CredentialGenerator.counting("s%d", 0).next().endpoint()).isEqualTo("s0");
    assertThat(endpoints("sensor-%08x", 0xfe, 3))
        .containsExactly("sensor-000000fe", "sensor-000000ff", "sensor-00000100");
    assertThat(endpoints("%X", 0xab, 2)).containsExactly("AB", "AC");
    assertThat(endpoints("n%dend", 9, 2)).containsExactly("n9end", "n10end");
    assertThat(endpoints("%03d", 998, 2)).containsExactly("998", "999");
  }

  /** After a restart it would count from the start again, through the endpoints in the field. */
  @ParameterizedTest
  @ValueSource(strings = {"sensor-%08x", "s%d", "urn:dev:mac:%016x"})
  void build_counterWithoutAStart_isRefused(String template) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialGenerator.of(template))
        .withMessageContainingAll("'" + template + "'", "first number", "endpoints that are taken");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialGenerator.builder().endpointTemplate(template).build())
        .withMessageContaining("needs a start");
  }

  @Test
  void of_templateThatDoesNotCount_needsNoStart() {
    assertThat(CredentialGenerator.of("urn:uuid:").next().endpoint()).startsWith("urn:uuid:");
  }

  private static String continued(String template, String... taken) {
    return CredentialGenerator.continuing(template, Stream.of(taken)).next().endpoint();
  }

  @Test
  void continuing_countsOnBehindTheHighestNumber() {
    assertThat(continued("s-%08x", "s-00000001", "s-0000001f", "s-00000002"))
        .isEqualTo("s-00000020");
    assertThat(continued("s-%d", "s-9", "s-10", "t-77", "s-8")).isEqualTo("s-11");
    assertThat(continued("%X.acme", "AF.acme", "B0.acme")).isEqualTo("B1.acme");
    assertThat(continued("s-%d")).isEqualTo("s-0");
    assertThat(continued("urn:uuid:", "urn:uuid:0", "s-7")).startsWith("urn:uuid:");
  }

  /** What the template never makes is no number of its own, so nothing is skipped for it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s",
        "s-",
        "-e",
        "s--e",
        "s-7",
        "7-e",
        "S-7-e",
        "s-007-e",
        "s-+7-e",
        "s--7-e",
        "s- 7-e",
        "s-7a-e",
        "s-\u0667-e", // a digit seven, of another script
        "s-9223372036854775808-e", // more than a long
        "s-7-e-e",
      })
  void continuing_endpointThatTheTemplateNeverMakes_isPassedOver(String other) {
    assertThat(continued("s-%d-e", other)).isEqualTo("s-0-e");
    assertThat(continued("s-%d-e", "s-2-e", other)).isEqualTo("s-3-e");
  }

  @Test
  void continuing_withAWidth_passesOverOtherWidthsAndCases() {
    assertThat(continued("s-%02x", "s-f", "s-100", "s-0ff", "s-AB", "s-0a")).isEqualTo("s-0b");
  }

  @Test
  void continuing_noNumberLeft_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> continued("s-%02d", "s-99"))
        .withMessageContaining("cannot start at 100");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> continued("s-%d", "s-" + Long.MAX_VALUE))
        .withMessageContaining("no number left");
  }

  @Test
  void after_withAFirstNumber_startsAtTheHigherOfTheTwo() {
    assertThat(after(100, "s-7")).isEqualTo("s-100");
    assertThat(after(5, "s-7")).isEqualTo("s-8");
    assertThat(after(7, "s-7")).isEqualTo("s-8");
    assertThat(after(8, "s-7")).isEqualTo("s-8");
  }

  private static String after(long firstNumber, String taken) {
    return CredentialGenerator.builder()
        .endpointTemplate("s-%d")
        .firstNumber(firstNumber)
        .after(Stream.of(taken))
        .build()
        .next()
        .endpoint();
  }

  @Test
  void after_closesTheStream_evenWhenTheTemplateIsRefused() {
    for (String template : List.of("s-%d", "urn:uuid:", "s")) {
      AtomicBoolean closed = new AtomicBoolean();
      Stream<String> taken = Stream.of("s-1").onClose(() -> closed.set(true));
      catchThrowable(() -> CredentialGenerator.continuing(template, taken));
      assertThat(closed).as(template).isTrue();
    }
  }

  @Test
  void next_macTemplate_givesRfc9039Names() {
    assertThat(endpoints("urn:dev:mac:0024befffe%06x", 0x804ff1, 2))
        .containsExactly("urn:dev:mac:0024befffe804ff1", "urn:dev:mac:0024befffe804ff2");
    assertThat(endpoints("urn:dev:mac:%016x", 10, 1))
        .containsExactly("urn:dev:mac:000000000000000a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "urn:dev:mac:0024be%06x", // 48 bits
        "urn:dev:mac:0024BEfffe%06x", // upper case
        "urn:dev:mac:0024befffe%06X", // upper case from ten on
        "urn:dev:mac:0024befffe00000%x", // 17 digits from sixteen on
        "urn:dev:mac:0024befffe%06x-1",
      })
  void build_macTemplateThatIsNoEui64ForEveryNumber_isRefused(String template) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialGenerator.counting(template, 0))
        .withMessageContaining("EUI-64");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "sensor", "urn:uuid:x", "urn:uuid", "100%", "%s", "%8d", "%0d", "%-8x"})
  void build_templateWithoutCounter_isRefused(String template) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialGenerator.counting(template, 0))
        .withMessageContaining("has no counter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%d-%d", "%%d", "%d%", "50%-%d", "%n%d"})
  void build_templateWithASecondPercentSign_isRefused(String template) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialGenerator.counting(template, 0))
        .withMessageContaining("only one %");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\n%d", "\0%d", "\ud800%d", "\udc80%d"})
  void build_templateThatIsNotText_isRefused(String template) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialGenerator.counting(template, 0))
        .withMessageContaining("surrogate");
  }

  @Test
  void build_templateTooLongForAnIdentity_isRefused() {
    assertThat(CredentialGenerator.counting("e".repeat(126) + "%02d", 0).next().endpoint())
        .hasSize(128);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialGenerator.counting("e".repeat(127) + "%02d", 0))
        .withMessageContaining("129 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialGenerator.counting("%099d%0", 0))
        .withMessageContaining("only one %");
  }

  @Test
  void build_firstNumberOutOfRange_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> endpoints("s%d", -1, 1))
        .withMessageContaining("-1");
    assertThatIllegalArgumentException().isThrownBy(() -> endpoints("s%02d", 100, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 65, 0, -1})
  void build_keyLengthOutOfRange_isRefused(int length) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialGenerator.builder().keyLength(length).build())
        .withMessageContainingAll("16 to 64", "" + length);
  }

  @ParameterizedTest
  @CsvSource({"node-%02d, 99, 1", "node-%02x, 254, 2", "%01d, 0, 10", "%d, 9223372036854775807, 1"})
  void next_counterExhausted_throwsAgainAndAgain(String template, long first, int left) {
    CredentialGenerator generator =
        CredentialGenerator.builder().endpointTemplate(template).firstNumber(first).build();
    for (int i = 0; i < left; i++) {
      generator.next();
    }
    for (int i = 0; i < 3; i++) {
      assertThatIllegalStateException()
          .isThrownBy(generator::next)
          .withMessageContaining("no number left");
    }
  }

  @Test
  void next_manyTimes_givesNoTwoAlike() {
    Set<String> endpoints = new HashSet<>();
    Set<String> checkedKeys = new HashSet<>();
    CredentialGenerator generator = CredentialGenerator.builder().build();
    for (int i = 0; i < 2000; i++) {
      DeviceCredential credential = generator.next();
      assertThat(endpoints.add(credential.endpoint())).isTrue();
      assertThat(checkedKeys.add(new String(credential.psk().exposeBytes(), ISO_8859_1))).isTrue();
    }
  }

  @Test
  void next_manyThreads_giveNoTwoAlike() throws Exception {
    CredentialGenerator generator = CredentialGenerator.counting("t%d", 0);
    assertThat(byFourThreads(500, () -> generator.next().endpoint())).isEqualTo(numbered(2000));
  }

  /** Without making keys, at which threads wait for each other. */
  @Test
  void next_manyThreadsAtTheCounter_leaveNoGapAndRepeatNothing() throws Exception {
    EndpointTemplate template = EndpointTemplate.parse("t%d");
    assertThat(byFourThreads(10_000, () -> template.next(null))).isEqualTo(numbered(40_000));
  }

  private static Set<String> numbered(int count) {
    return IntStream.range(0, count).mapToObj(i -> "t" + i).collect(Collectors.toSet());
  }

  private static Set<String> byFourThreads(int times, Supplier<String> next) throws Exception {
    CyclicBarrier start = new CyclicBarrier(4);
    Callable<List<String>> work =
        () -> {
          start.await();
          return Stream.generate(next).limit(times).toList();
        };
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Set<String> made = new HashSet<>();
      for (Future<List<String>> part : threads.invokeAll(List.of(work, work, work, work))) {
        made.addAll(part.get());
      }
      return made;
    } finally {
      threads.shutdownNow();
    }
  }

  /** Fills in zeros, a weak key, before it fills in {@code good}. */
  private static final class Scripted extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte[] good = "any sixteen byte".getBytes(ISO_8859_1);
    private final transient List<byte[]> filled = new ArrayList<>();

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(filled.isEmpty() ? new byte[16] : good, 0, bytes, 0, 16);
      filled.add(bytes);
    }
  }

  @Test
  void nextKey_weakKeyDrawn_drawsAgainAndWipesWhatItDrew() {
    Scripted random = new Scripted();
    CredentialGenerator generator =
        new CredentialGenerator(random, EndpointTemplate.parse("s%d"), 16);
    assertThat(generator.nextKey().exposeBytes()).isEqualTo(random.good);
    assertThat(random.filled).hasSize(2).allSatisfy(bytes -> assertThat(bytes).containsOnly(0));
  }

  @Test
  void nextKey_everyLength_passesTheStrictPolicy() {
    for (int length = 16; length <= 64; length++) {
      CredentialGenerator generator = CredentialGenerator.builder().keyLength(length).build();
      for (int i = 0; i < 5; i++) {
        PreSharedKey key = generator.nextKey();
        assertThat(key.length()).isEqualTo(length);
        assertThat(KeyPolicy.weaknesses(key)).isEmpty();
      }
    }
  }
}
