package org.llavacluster.cli.completion;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Completion for the shell fish, which picocli does not support: one {@code complete} line for each command and option.
 */
final class FishCompletion {

    private final String name;
    private final StringBuilder script = new StringBuilder();

    private FishCompletion(String name) {
        this.name = name;
    }

    /** The script for a command with all its subcommands. */
    static String script(CommandSpec root) {
        FishCompletion fish = new FishCompletion(root.name());
        fish.script.append("complete -c ").append(root.name()).append(" -f\n");
        fish.addCommand(root, "__fish_use_subcommand", List.of());
        return fish.script.toString();
    }

    /**
     * @param at condition under which this command's words are completed
     */
    private void addCommand(CommandSpec command, String at, List<String> path) {
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                addOption(option, at);
            }
        }
        List<CommandSpec> commands = command.subcommands().values().stream()
                .map(line -> line.getCommandSpec())
                .toList();
        for (CommandSpec sub : commands) {
            script.append("complete -c %s -n '%s' -a %s -d '%s'%n"
                    .formatted(
                            name, at, sub.name(), described(sub.usageMessage().description())));
        }
        for (CommandSpec sub : commands) {
            List<String> inner = new ArrayList<>(path);
            inner.add(sub.name());
            addCommand(sub, seen(inner, sub), inner);
        }
    }

    /** The condition that all commands of the path were typed, and none of the last one's subcommands. */
    private static String seen(List<String> path, CommandSpec command) {
        String all =
                path.stream().map(word -> "__fish_seen_subcommand_from " + word).collect(Collectors.joining("; and "));
        return command.subcommands().isEmpty()
                ? all
                : all + "; and not __fish_seen_subcommand_from "
                        + String.join(" ", command.subcommands().keySet());
    }

    private void addOption(OptionSpec option, String at) {
        script.append("complete -c ").append(name).append(" -n '").append(at).append('\'');
        for (String written : option.names()) {
            script.append(written.startsWith("--") ? " -l " + written.substring(2) : " -s " + written.substring(1));
        }
        script.append(values(option))
                .append(" -d '")
                .append(described(option.description()))
                .append("'\n");
    }

    private static String values(OptionSpec option) {
        if (option.arity().max() == 0) {
            return "";
        }
        Class<?> type = option.auxiliaryTypes()[0];
        if (type == Path.class || type == File.class) {
            return " -r -F";
        }
        if (option.completionCandidates() == null) {
            return " -x";
        }
        return " -x -a '"
                + StreamSupport.stream(option.completionCandidates().spliterator(), false)
                        .map(value -> value.toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" "))
                + "'";
    }

    /** The text up to the first full stop, without variables. */
    private static String described(String[] description) {
        String all = String.join(" ", description);
        int stop = all.indexOf(". ");
        return (stop < 0 ? all : all.substring(0, stop + 1))
                .replaceAll("[^.;,]*\\$\\{[^}]*}[^.;,]*[.;,]? *", "")
                .strip()
                .replace("\\", "\\\\")
                .replace("'", "\\'");
    }
}
