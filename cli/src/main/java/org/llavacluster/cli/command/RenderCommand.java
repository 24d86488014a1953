package org.llavacluster.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.jinja.JinjaTemplate;
import org.llavacluster.modelio.jinja.JinjaValues;
import org.llavacluster.modelio.jinja.TemplateException;
import org.llavacluster.modelio.prompt.ModelTemplate;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints what a chat template renders for a conversation. */
@Command(
        name = "render",
        description = "Print what a chat template renders for a conversation, or the kind and place of its failure.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class RenderCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @ArgGroup(multiplicity = "1")
    private Origin origin;

    private static final class Origin {
        @Option(names = "--model", paramLabel = "DIR", description = "The template of this model folder.")
        private Path model;

        @Option(names = "--template", paramLabel = "FILE", description = "The template in this file.")
        private Path template;
    }

    @Option(
            names = "--context",
            paramLabel = "FILE",
            description =
                    "A JSON object with what the template can see (messages, tools, add_generation_prompt ...), or a"
                            + " list of messages; - is standard input. Without it: one question.")
    private Path context;

    @Override
    public Integer call() throws IOException {
        ModelTemplate template;
        ObjectNode values;
        try {
            template = template();
            values = values();
        } catch (IOException | ModelFormatException e) {
            System.err.println("render: " + e.getMessage());
            return 1;
        }
        template.specialTokens()
                .forEach((name, token) -> values.putIfAbsent(name, JsonNodeFactory.instance.textNode(token)));
        try {
            String text = JinjaTemplate.compile(template.source())
                    .render(JinjaValues.context(values), LocalDateTime::now)
                    .text()
                    .text();
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            out.print(text);
            out.flush();
            return 0;
        } catch (TemplateException e) {
            String said = e.raised()
                    .map(raised -> "line " + e.line() + ", column " + e.column() + ": " + raised.text())
                    .orElse(e.getMessage());
            System.err.println(e.kind() + ": " + said);
            return 1;
        }
    }

    private ModelTemplate template() throws IOException {
        if (origin.template != null) {
            return new ModelTemplate(origin.template.toString(), readText(origin.template), Map.of());
        }
        return ModelTemplate.read(origin.model)
                .orElseThrow(() -> new IOException(origin.model + ": has no chat template"));
    }

    private static String readText(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": no such file");
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": is not UTF-8", e);
        }
    }

    private ObjectNode values() throws IOException {
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        Optional<JsonNode> given = given();
        if (given.isEmpty()) {
            ObjectNode question = values.putArray("messages").addObject().put("role", "user");
            question.putArray("content").addObject().put("type", "text").put("text", "What is shown?");
            values.put("add_generation_prompt", true);
        } else if (given.get().isArray()) {
            values.set("messages", given.get());
            values.put("add_generation_prompt", true);
        } else if (given.get() instanceof ObjectNode object) {
            values.setAll(object);
        } else {
            throw new IOException(context + ": must contain a JSON object or a list of messages");
        }
        values.putIfAbsent("messages", JsonNodeFactory.instance.arrayNode());
        values.putIfAbsent("tools", JsonNodeFactory.instance.nullNode());
        values.putIfAbsent("documents", JsonNodeFactory.instance.nullNode());
        values.putIfAbsent("add_generation_prompt", JsonNodeFactory.instance.booleanNode(false));
        return values;
    }

    private Optional<JsonNode> given() throws IOException {
        if (context == null) {
            return Optional.empty();
        }
        String text = context.toString().equals("-")
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : readText(context);
        try {
            return Optional.of(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            String at = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new IOException(context + ": is no valid JSON" + at, e);
        }
    }
}
