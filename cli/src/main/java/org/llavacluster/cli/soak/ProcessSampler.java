package org.llavacluster.cli.soak;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.MetricsText;
import org.llavacluster.cli.bench.ProcStatus;
import org.llavacluster.cli.bench.ServiceProbe;

/**
 * Looks at all processes of a cluster whenever it is asked to. What the system says of them is there at once. The
 * metrics of a slow process delay nothing else, and are not asked for again until they have come.
 */
final class ProcessSampler implements AutoCloseable {

    private final Supplier<List<SoakedProcess>> processes;
    private final ExecutorService questions = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> pids = new LinkedHashMap<>();
    private final Map<String, Map<ProcessFigure, List<TimeSeries.Point>>> points = new LinkedHashMap<>();
    private final Set<String> incidents = new LinkedHashSet<>();

    /** @param processes those that run now */
    ProcessSampler(Supplier<List<SoakedProcess>> processes) {
        this.processes = processes;
    }

    /** Takes the figures of all processes. */
    void sample(double minutes) {
        for (SoakedProcess process : processes.get()) {
            status(process, minutes);
            if (process.http().isPresent() && asked.add(process.id())) {
                questions.execute(() -> ask(process, minutes));
            }
        }
    }

    private synchronized void status(SoakedProcess process, double minutes) {
        Long before = pids.put(process.id(), process.pid());
        if (before != null && before != process.pid()) {
            incidents.add(process.id() + " was started again");
        }
        ProcStatus.of(process.pid())
                .ifPresentOrElse(
                        status -> add(process, minutes, figure -> figure.in(status)),
                        () -> incidents.add(process.id() + " (process " + process.pid() + ") is gone"));
    }

    private void ask(SoakedProcess process, double minutes) {
        try (ServiceProbe probe = new ServiceProbe(process.id(), process.http().orElseThrow())) {
            MetricsText metrics = probe.metrics();
            add(process, minutes, figure -> figure.in(metrics));
        } catch (CliException e) {
            incident(e.getMessage());
        } finally {
            asked.remove(process.id());
        }
    }

    private synchronized void add(
            SoakedProcess process, double minutes, Function<ProcessFigure, OptionalDouble> values) {
        Map<ProcessFigure, List<TimeSeries.Point>> figures =
                points.computeIfAbsent(process.id(), _ -> new EnumMap<>(ProcessFigure.class));
        for (ProcessFigure figure : ProcessFigure.values()) {
            values.apply(figure).ifPresent(value -> figures.computeIfAbsent(figure, _ -> new ArrayList<>())
                    .add(new TimeSeries.Point(minutes, value)));
        }
    }

    private synchronized void incident(String what) {
        incidents.add(what);
    }

    /** By process, what it said at each time; of figures that no process has nothing. */
    synchronized Map<String, Map<ProcessFigure, TimeSeries>> series() {
        Map<String, Map<ProcessFigure, TimeSeries>> series = new LinkedHashMap<>();
        points.forEach((id, figures) -> {
            Map<ProcessFigure, TimeSeries> ofProcess = new EnumMap<>(ProcessFigure.class);
            figures.forEach((figure, values) -> ofProcess.put(figure, new TimeSeries(values)));
            series.put(id, ofProcess);
        });
        return series;
    }

    /** Processes that ended or did not answer, each once. */
    synchronized List<String> incidents() {
        return List.copyOf(incidents);
    }

    /** Resident memory of all processes at the last look, in megabytes. */
    synchronized double residentMegabytes() {
        return points.values().stream()
                .mapToDouble(
                        figures -> figures.get(ProcessFigure.RESIDENT).getLast().value())
                .sum();
    }

    /** Waits for what processes are about to say. */
    @Override
    public void close() {
        questions.close();
    }
}
