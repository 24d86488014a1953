package org.llavacluster.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The error in a command line, in one line with the valid alternatives. */
final class UsageLine {

    private UsageLine() {}

    static String of(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        List<String> commands = commands(command);
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            if (!commands.isEmpty() && !unmatched.isUnknownOption()) {
                return "there is no command '" + word + "'" + suggestion(word, commands) + "; there are: "
                        + String.join(", ", commands);
            }
            return said(e) + suggestion(word.replaceFirst("=.*", ""), options(command)) + seeHelp(name);
        }
        if (said(e).startsWith("Missing required subcommand")) {
            return name + " needs one of: " + String.join(", ", commands);
        }
        return said(e) + seeHelp(name);
    }

    private static String said(ParameterException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
    }

    private static String seeHelp(String name) {
        return "; all options: " + name + " --help";
    }

    private static List<String> options(CommandLine command) {
        return List.copyOf(command.getCommandSpec().optionsMap().keySet());
    }

    private static List<String> commands(CommandLine command) {
        return command.getSubcommands().entrySet().stream()
                .filter(entry ->
                        !entry.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String suggestion(String word, List<String> words) {
        return NearestWord.to(word, words)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }
}
