package org.llavacluster.cli.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.llavacluster.cli.bench.PlotAxis;
import org.llavacluster.cli.bench.SvgDrawing;
import org.llavacluster.training.evaluation.ExamFigures;
import org.llavacluster.training.scenes.SceneQuestion;

/** The figures of an exam as JSON and as bars. */
public record ExamReport(String model, ExamFigures figures) {

    private static final int LEFT = 60;
    private static final int TOP = 50;
    private static final int HEIGHT = 240;
    private static final int GROUP = 90;
    private static final int BAR = 30;
    private static final String SEEN = "#1f5fbf";
    private static final String UNSEEN = "#b8860b";

    public String toJson() {
        Map<String, Object> kinds = new LinkedHashMap<>();
        figures.byKind().forEach((kind, figure) -> {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("questions", figure.questions());
            json.put(kind == SceneQuestion.Kind.LIST ? "f1" : "exact_match", figure.seen());
            figure.unseen().ifPresent(unseen -> json.put("grey_image", unseen));
            kinds.put(kind.name().toLowerCase(Locale.ROOT), json);
        });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model);
        json.put("kinds", kinds);
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and words are JSON", e);
        }
    }

    public String toSvg() {
        int width = LEFT + figures.byKind().size() * GROUP + 20;
        SvgDrawing svg = new SvgDrawing(Math.max(360, width), TOP + HEIGHT + 40);
        PlotAxis percent = PlotAxis.between(0, 100, HEIGHT);
        svg.text(LEFT, 20, "start", "Right answers of " + model + " in percent");
        svg.bar(LEFT, 28, 10, 10, SEEN);
        svg.text(LEFT + 16, 37, "start", "with the image");
        svg.bar(LEFT + 120, 28, 10, 10, UNSEEN);
        svg.text(LEFT + 136, 37, "start", "with a grey image");
        percent.ticks()
                .forEach(
                        tick -> svg.text(LEFT - 8, TOP + HEIGHT - percent.at(tick) + 4, "end", PlotAxis.written(tick)));
        int x = LEFT;
        for (Map.Entry<SceneQuestion.Kind, ExamFigures.Figure> entry :
                figures.byKind().entrySet()) {
            ExamFigures.Figure figure = entry.getValue();
            bar(svg, percent, x, 100 * figure.seen(), SEEN);
            if (figure.unseen().isPresent()) {
                bar(svg, percent, x + BAR, 100 * figure.unseen().get(), UNSEEN);
            }
            svg.text(
                    x + BAR,
                    TOP + HEIGHT + 18,
                    "middle",
                    entry.getKey().name().toLowerCase(Locale.ROOT).replace('_', '/'));
            x += GROUP;
        }
        return svg.toSvg();
    }

    private static void bar(SvgDrawing svg, PlotAxis percent, int x, double value, String colour) {
        double height = percent.at(value);
        svg.bar(x, TOP + HEIGHT - height, BAR, height, colour);
        svg.text(x + BAR / 2.0, TOP + HEIGHT - height - 4, "middle", String.format(Locale.ROOT, "%.0f", value));
    }
}
