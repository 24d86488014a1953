package org.llavacluster.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.modelio.config.ModelFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reports the contents of a model folder and the memory to serve it, or in one line why it cannot be served. */
@Command(
        name = "inspect",
        description = "Report a model folder's family, shapes, image tokens and memory, or why it cannot be served.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class InspectCommand implements Callable<Integer> {

    @Mixin
    private ModelOptions model;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--fingerprints",
            description = "Also print the fingerprint of each part's weights, for llava.model-fingerprint.")
    private boolean fingerprints;

    @Override
    public Integer call() throws JsonProcessingException {
        ModelFolder folder = model.open();
        try (Checkpoint checkpoint = LocalModel.open(folder)) {
            Map<String, Object> report = ModelReport.of(folder, checkpoint).toMap();
            if (fingerprints) {
                report.put("fingerprints", ModelReport.fingerprints(checkpoint));
            }
            System.out.println(json ? new ObjectMapper().writeValueAsString(report) : ModelReport.table(report));
        }
        return 0;
    }
}
