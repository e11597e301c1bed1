package io.github.lwm2mcreds.leshan.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes what picocli makes of the commands: a completion script, and the source of man pages. */
public final class DistFiles {
  private DistFiles() {}

  /** Writes into the folders {@code completion} and {@code adoc} of the one that is named. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
    CommandLine line =
        Main.commandLine(new Streams(new ByteArrayInputStream(new byte[0]), nowhere, nowhere));
    Path completion = Files.createDirectories(folder.resolve("completion"));
    Files.writeString(
        completion.resolve("lwm2m-creds.bash"), AutoComplete.bash("lwm2m-creds", line));
    Path pages = Files.createDirectories(folder.resolve("adoc"));
    int status =
        ManPageGenerator.generateManPage(
            pages.toFile(), null, new boolean[0], false, line.getCommandSpec());
    if (status != 0) {
      throw new IOException("no man pages: picocli's generator ended with " + status);
    }
  }
}
