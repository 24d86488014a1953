package org.llavacluster.gateway.dispatch;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.llavacluster.scheduling.SchedulerLoad;

/** What the scheduler holds, as metrics. */
public final class SchedulerMetrics {

    private SchedulerMetrics() {}

    public static void register(MeterRegistry registry, Dispatcher dispatcher) {
        gauge(
                registry,
                dispatcher,
                "llava.requests.running",
                "Answers being generated, and images being encoded for them: a request of several choices counts for "
                        + "each that runs",
                load -> load.encoding() + load.generating());
        gauge(
                registry,
                dispatcher,
                "llava.requests.waiting",
                "Requests that wait for their turn",
                SchedulerLoad::requestsWaiting);
        queue(registry, dispatcher, "vision", SchedulerLoad::waitingForVision);
        queue(registry, dispatcher, "decoder", SchedulerLoad::waitingForDecoders);
        gauge(registry, dispatcher, "llava.encodes.running", "Images being encoded", SchedulerLoad::flights);
        counter(
                registry,
                dispatcher,
                "llava.scheduler.retries",
                "Calls to workers repeated after a failure",
                SchedulerLoad::retries);
        counter(
                registry,
                dispatcher,
                "llava.scheduler.late",
                "Events of calls and workers that had been given up before they came",
                SchedulerLoad::late);
    }

    private static void queue(
            MeterRegistry registry, Dispatcher dispatcher, String queue, ToDoubleFunction<SchedulerLoad> figure) {
        Gauge.builder("llava.queue.requests", dispatcher, each -> figure.applyAsDouble(each.load()))
                .description("Requests in a queue of the scheduler")
                .tag("queue", queue)
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry,
            Dispatcher dispatcher,
            String name,
            String description,
            ToDoubleFunction<SchedulerLoad> figure) {
        Gauge.builder(name, dispatcher, each -> figure.applyAsDouble(each.load()))
                .description(description)
                .register(registry);
    }

    private static void counter(
            MeterRegistry registry,
            Dispatcher dispatcher,
            String name,
            String description,
            ToDoubleFunction<SchedulerLoad> figure) {
        FunctionCounter.builder(name, dispatcher, each -> figure.applyAsDouble(each.load()))
                .description(description)
                .register(registry);
    }
}
