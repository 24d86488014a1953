package org.llavacluster.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.llavacluster.cli.options.ModelOptions;

/** What the benchmarks of whole clusters have in common. */
final class BenchOptions {

    private BenchOptions() {}

    /** As many as each worker uses: the machine's cores unless another number was asked for. */
    static int threads(ModelOptions model) {
        return model.threads().orElse(Runtime.getRuntime().availableProcessors());
    }

    /** The model's name and what was asked for, for the report. */
    static Map<String, Object> settings(ModelOptions model) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("model", model.open().config().name());
        model.properties().forEach((name, value) -> {
            if (!name.equals("llava.model") && !name.equals("llava.vision-tower")) {
                settings.put(name.substring("llava.".length()), value);
            }
        });
        return settings;
    }
}
