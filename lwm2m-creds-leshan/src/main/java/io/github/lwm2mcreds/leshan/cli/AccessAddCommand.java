// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.SecretBytes;
import io.github.lwm2mcreds.leshan.provisioning.AccessList;
import io.github.lwm2mcreds.leshan.provisioning.AccessToken;
import io.github.lwm2mcreds.leshan.provisioning.ProvisioningRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.security.auth.x500.X500Principal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "add",
    headerHeading =
        "Example:%n  lwm2m-creds access add line-3 --role factory --file fleet.db.access%n%n",
    description = {
      "Let somebody call the provisioning endpoint: who has a new bearer token, which is shown this"
          + " once and kept as a hash only; or, with --subject, who has a client certificate.",
      "A factory adds credentials and can neither replace, remove nor list any; an operator can."
          + " Nobody reads keys back."
    })
final class AccessAddCommand implements Callable<Integer> {
  @Mixin private Streams streams;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "What the token is called in the audit trail, such as line-3.")
  private String name;

  @Option(
      names = "--subject",
      paramLabel = "DN",
      description =
          "Subject of a client certificate instead of a token, such as 'CN=line 3,O=Example'.")
  private String subject;

  @Option(
      names = "--role",
      required = true,
      paramLabel = "factory|operator",
      description = "What the caller may do.")
  private ProvisioningRole role;

  @Mixin private AccessOption access;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "File for the token, made with mode 0600. Default: standard output, and nowhere else.")
  private Path output;

  @Override
  public Integer call() throws CommandException {
    if ((name == null) == (subject == null)) {
      throw CommandException.refused("give either the NAME of a new token or --subject DN");
    }
    access.locked(this::add);
    return ExitCode.DONE;
  }

  private void add() throws CommandException {
    AccessList before = access.readOrBegin();
    try {
      if (subject != null) {
        access.write(before.withCertificate(new X500Principal(subject), role));
      } else {
        SecretBytes.useAndWipe(AccessToken.create(), token -> add(before, token));
      }
    } catch (IllegalArgumentException e) {
      throw CommandException.refused(
          (subject == null ? "the name " : "--subject ") + e.getMessage(), e);
    }
  }

  private Void add(AccessList before, byte[] token) throws CommandException {
    AccessList after = before.withToken(name, role, token);
    if (output == null) {
      access.write(after);
      streams.out().println(new String(token, US_ASCII));
      return null;
    }
    write(token);
    try {
      access.write(after);
    } catch (CommandException e) {
      delete();
      throw e;
    }
    return null;
  }

  private void write(byte[] token) throws CommandException {
    byte[] line = Arrays.copyOf(token, token.length + 1);
    line[token.length] = '\n';
    try {
      PrivateFile.writeNew(output, line, Optional.empty());
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }

  /** A token that opens nothing is of no use to anybody. */
  private void delete() throws CommandException {
    try {
      Files.deleteIfExists(output);
    } catch (IOException e) {
      throw Rights.writing(output, e);
    }
  }
}
