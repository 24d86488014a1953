package org.llavacluster.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.llavacluster.cli.options.ModelOptions;

/** Options common to the benchmarks of whole clusters. */
final class BenchOptions {

    private BenchOptions() {}

    /** Threads of each worker: the machine's cores unless set. */
    static int threads(ModelOptions model) {
        return model.threads().orElse(Runtime.getRuntime().availableProcessors());
    }

    /** The model's name and the options, for the report. */
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
