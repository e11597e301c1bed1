// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.OTHER_TOKEN;
import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lwm2mcreds.Peers;
import io.github.lwm2mcreds.PreSharedKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestCommandsTest {
  private static final String CSV =
      "endpoint,psk,site\nsensor-1," + TOKEN + ",J\u00fclich\nsensor-2," + OTHER_TOKEN + ",\n";

  @TempDir static Path keys;
  private static TestKeys factory;
  private static TestKeys server;

  @TempDir Path folder;

  @BeforeAll
  static void makeKeys() throws Exception {
    factory = TestKeys.make(keys, "factory", "EC");
    server = TestKeys.make(keys, "server", "RSA");
  }

  private static Cli run(String command, Object... args) {
    List<String> all = new ArrayList<>(List.of("manifest", command));
    for (Object arg : args) {
      all.add(arg.toString());
    }
    Cli run = Cli.run(all.toArray(String[]::new));
    assertThat(run.out() + run.err())
        .doesNotContain(TOKEN, OTHER_TOKEN, TestKeys.PASSWORD, "unexpected");
    return run;
  }

  private Path write(String text) throws Exception {
    return Files.writeString(folder.resolve("lot.csv"), text);
  }

  /** Seals the two devices as lot L-1. */
  private Path seal(Object... more) throws Exception {
    Path sealed = folder.resolve("lot.p7m");
    List<Object> args =
        new ArrayList<>(List.of(write(CSV), "--lot", "L-1", "--seal-to", server.certificate()));
    args.addAll(List.of("-o", sealed, "--sign-with", factory.pem()));
    args.addAll(List.of(more));
    Cli run = run("seal", args.toArray());
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("lot.p7m: sealed: lot L-1, 2 devices, digest ");
    return sealed;
  }

  private static Object[] opening(Path file, Object... more) {
    List<Object> args = new ArrayList<>(List.of(file, "--trust", factory.certificate()));
    args.addAll(List.of("--open-with", server.p12(), "--open-passphrase", server.passphrase()));
    args.addAll(List.of(more));
    return args.toArray();
  }

  @Test
  void inspect_reportsEachBadRow_andTheCounts() throws Exception {
    Cli run = run("inspect", write(CSV + "sensor-3,00,\nsensor-4\n"));

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out())
        .contains("  line 4, psk: the key of 'sensor-3' has fewer than 16 bytes")
        .contains("  line 5: the row has 1 fields, the header has 3")
        .contains("devices      2", "problems     2", "columns      endpoint, psk, site");
    assertThat(run("inspect", write(CSV)).code()).isZero();
  }

  @Test
  void inspect_asJson_isOneObjectPerLine() throws Exception {
    Cli run = run("inspect", write(CSV + "x,00,\n"), "--format", "json");

    List<JsonNode> objects = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      objects.add(new ObjectMapper().readTree(line));
    }
    assertThat(objects).hasSize(2);
    assertThat(objects.get(0).get("reason").asText()).isEqualTo("WEAK_KEY");
    assertThat(objects.get(0).get("line").asInt()).isEqualTo(4);
    assertThat(objects.get(0).get("endpoint").asText()).isEqualTo("x");
    assertThat(objects.get(1).get("devices").asInt()).isEqualTo(2);
    assertThat(objects.get(1).get("lotCheck").asText()).isEqualTo("NO_LOT");
  }

  @Test
  void inspect_ofNoManifest_isRefused() throws Exception {
    Cli run = run("inspect", write("a;b\n"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).contains("lot.csv: the header has no column 'endpoint'");
    assertThat(run("inspect", folder.resolve("none")).err()).contains("no such file");
    assertThat(run("inspect", folder).code()).isNotZero();
  }

  @Test
  void sealed_isVerifiedWithoutAKey_andOpenedForItsOwnerAlone() throws Exception {
    Path sealed = seal();
    Path opened = folder.resolve("opened.csv");

    Cli verified = run("verify", sealed, "--trust", factory.certificate());
    Cli open = run("open", opening(sealed, "-o", opened));

    assertThat(verified.code()).isZero();
    assertThat(verified.out()).contains("sealed, unaltered, signed by 'CN=factory'");
    assertThat(open.err()).isEmpty();
    assertThat(open.code()).isZero();
    assertThat(open.out()).contains("lot          L-1", "complete     yes");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(opened)))
        .isEqualTo("rw-------");
    assertThat(opened).content().contains("sensor-1,sensor-1," + TOKEN + ",J\u00fclich,L-1");
    assertThat(run("verify", opened).code()).isZero();
    assertThat(run("inspect", opening(sealed)).code()).isZero();
    assertThat(run("verify", opening(sealed, "--format", "json")).out())
        .contains("\"signer\":\"CN=factory\"", "\"lotCheck\":\"MATCHES\"");
  }

  @Test
  void open_ofWhatIsAltered_leavesNoFile() throws Exception {
    Path sealed = seal("--cbc");
    byte[] altered = Files.readAllBytes(sealed);
    altered[altered.length / 2] ^= 1;
    Files.write(sealed, altered);

    Cli run = run("open", opening(sealed, "-o", folder.resolve("out.csv")));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(folder.resolve("out.csv")).doesNotExist();
  }

  @Test
  void open_bySomebodyElse_orWithoutWhatItNeeds_isRefused() throws Exception {
    Path sealed = seal();
    String trust = factory.certificate();

    assertThat(run("inspect", sealed).err()).contains("--open-with");
    assertThat(run("verify", sealed).err()).contains("--trust");
    assertThat(run("inspect", sealed, "--trust", trust, "--open-with", factory.pem()).err())
        .contains("was not sealed for 'CN=factory'");
    assertThat(run("verify", sealed, "--trust", server.certificate()).err())
        .contains("was signed by somebody else");
    assertThat(run("inspect", sealed, "--trust", trust, "--open-with", server.p12()).err())
        .contains("server.p12: holds no key that can be read, or has another password");
    assertThat(run("verify", sealed, "--trust", write(CSV)).err())
        .contains("holds no X.509 certificate");
  }

  @Test
  void seal_ofWhatIsNotWhole_isRefused() throws Exception {
    Object[] more = {"--seal-to", server.certificate(), "--sign-with", factory.pem(), "-o"};
    Path out = folder.resolve("out");

    assertThat(run("seal", concat(write(CSV), more, out)).err()).contains("--lot NUMBER");
    assertThat(run("seal", concat(write(CSV + "x,00,\n"), more, out, "--lot", "1")).err())
        .contains("has 1 rows with problems; nothing was sealed");
    assertThat(run("seal", concat(write(CSV), more, out, "--lot", "no number")).code())
        .isEqualTo(2);
    assertThat(out).doesNotExist();
    assertThat(run("seal", concat(write(CSV), more, write(CSV), "--lot", "1")).err())
        .contains("already exists");
  }

  private static Object[] concat(Object first, Object[] more, Object... last) {
    List<Object> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(more));
    all.addAll(List.of(last));
    return all.toArray();
  }

  @Test
  void seal_withAnEncryptedKey_asksForItsPassphrase() throws Exception {
    Peers.require("openssl");
    Path encrypted = folder.resolve("encrypted.key");
    Peers.run(
        "openssl",
        "pkcs8",
        "-topk8",
        "-in",
        factory.key(),
        "-out",
        encrypted.toString(),
        "-passout",
        "pass:" + TestKeys.PASSWORD);
    Object[] more = {"--seal-to", server.certificate(), "--lot", "1", "-o"};

    Cli without =
        run(
            "seal",
            concat(
                write(CSV),
                more,
                folder.resolve("a"),
                "--sign-with",
                encrypted,
                "--sign-cert",
                factory.certificate()));
    Cli with =
        run(
            "seal",
            concat(
                write(CSV),
                more,
                folder.resolve("b"),
                "--sign-with",
                encrypted,
                "--sign-cert",
                factory.certificate(),
                "--sign-passphrase",
                factory.passphrase()));

    assertThat(without.err()).contains("is encrypted");
    assertThat(with.err()).isEmpty();
    assertThat(with.code()).isZero();
  }

  @Test
  void receipt_saysWhatTheStoreHolds_andWhatItDoesNot() throws Exception {
    TestStore store = TestStore.init(folder);
    store.add("sensor-1", TOKEN);
    store.add("sensor-2", TOKEN.replace('3', '4'));
    Path sealed = seal();
    Path receipt = folder.resolve("receipt.p7m");

    Cli signed =
        run(
            "receipt",
            opening(
                sealed,
                "--store",
                "sqlite:" + store.file(),
                "--sign-with",
                server.pem(),
                "-o",
                receipt));
    Cli verified = run("receipt", receipt, "--verify", "--trust", server.certificate());
    Cli json =
        run("receipt", receipt, "--verify", "--trust", server.certificate(), "--format", "json");

    assertThat(signed.err()).isEmpty();
    assertThat(signed.code()).isEqualTo(3);
    assertThat(verified.out())
        .isEqualTo(signed.out())
        .contains("lot L-1: 1 of 2 devices taken", "line 3, 'sensor-2': OTHER_CREDENTIAL");
    assertThat(json.out()).contains("\"taken\":1,\"notTaken\":1");
    assertThat(run("receipt", receipt, "--verify", "--trust", factory.certificate()).code())
        .isEqualTo(2);
  }

  @Test
  void receipt_forWhatIsNoLot_isRefused() throws Exception {
    TestStore store = TestStore.init(folder);

    Cli run =
        run(
            "receipt",
            write(CSV),
            "--store",
            "sqlite:" + store.file(),
            "--sign-with",
            server.pem(),
            "-o",
            folder.resolve("receipt.p7m"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("is not a whole lot");
    assertThat(folder.resolve("receipt.p7m")).doesNotExist();
  }

  @Test
  void labels_ofSealedLot_haveEndpointCheckValueAndLot() throws Exception {
    Path labels = folder.resolve("labels.csv");

    Cli run = run("labels", opening(seal(), "--output", labels));

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out()).contains("2 labels").contains("labels.csv");
    assertThat(Files.readAllLines(labels))
        .containsExactly(
            "endpoint,checkValue,lot",
            "sensor-1," + checkValue(TOKEN) + ",L-1",
            "sensor-2," + checkValue(OTHER_TOKEN) + ",L-1");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(labels)))
        .isEqualTo("rw-------");
  }

  private static String checkValue(String token) {
    return PreSharedKey.ofHex(token.getBytes(StandardCharsets.US_ASCII)).checkValue().toString();
  }

  @Test
  void labels_asPdf_showTheDevicesAndNoKey() throws Exception {
    Peers.require("pdftotext");
    Path pdf = folder.resolve("labels.pdf");

    Cli run = run("labels", write(CSV), "-o", pdf, "--label-sheet", "letter");

    assertThat(run.code()).as(run::err).isZero();
    Path text = folder.resolve("text");
    Peers.run("pdftotext", "-raw", pdf.toString(), text.toString());
    assertThat(Files.readString(text))
        .contains("sensor-1", checkValue(TOKEN), "sensor-2", checkValue(OTHER_TOKEN))
        .doesNotContain(TOKEN, OTHER_TOKEN);
  }

  @Test
  void labels_ofBadRows_cutLotOrOtherKindsOfFile_areNotWritten() throws Exception {
    Path labels = folder.resolve("labels.pdf");

    Cli bad = run("labels", write(CSV + "sensor-3,00,\n"), "-o", labels);
    assertThat(bad.code()).isEqualTo(ExitCode.FINDINGS);
    assertThat(bad.out()).contains("line 4, psk");
    assertThat(bad.err()).contains("no labels were written");

    Cli png = run("labels", write(CSV), "-o", folder.resolve("labels.png"));
    assertThat(png.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(png.err()).contains("labels.png").contains(".csv, .svg or .pdf");

    Cli cut = run("labels", write("endpoint,psk,manifestLot\na," + TOKEN + ",L\n"), "-o", labels);
    assertThat(cut.code()).isEqualTo(ExitCode.FINDINGS);
    assertThat(cut.out()).contains("its end is missing");

    Files.writeString(labels, "mine");
    Cli there = run("labels", write(CSV), "-o", labels);
    assertThat(there.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(there.err()).contains("labels.pdf").contains("not overwritten");
    assertThat(Files.readString(labels)).isEqualTo("mine");
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }
}
