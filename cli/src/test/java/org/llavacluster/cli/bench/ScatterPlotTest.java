package org.llavacluster.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.llavacluster.cli.bench.TokenWait.Phase;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ScatterPlotTest {

    @Test
    void shouldDrawPointsInProportionUnderLabelledAxes() throws Exception {
        Document svg = parse(new ScatterPlot(
                        "title",
                        "seconds <s>",
                        "waits, ms",
                        List.of(new ScatterPlot.Point("a", 0, 0), new ScatterPlot.Point("b", 4, 480)))
                .toSvg());

        assertThat(texts(svg))
                .contains("title", "seconds <s>", "waits, ms", "a", "b", "0", "1", "2", "3", "4")
                .contains("100", "200", "300", "400", "500");
        NodeList points = svg.getElementsByTagName("circle");
        assertThat(points.getLength()).isEqualTo(2);
        // The plot is 520 wide and 330 high; 480 of 500 is that part of it.
        assertThat(number(points, 1, "cx") - number(points, 0, "cx")).isCloseTo(520, within(0.2));
        assertThat(number(points, 0, "cy") - number(points, 1, "cy")).isCloseTo(330 * 0.96, within(0.2));
    }

    @Test
    void shouldShowTheTailOfWaitsWhilePrefillRan() throws Exception {
        Map<Phase, SortedValues> waits = new EnumMap<>(Phase.class);
        waits.put(Phase.UNDISTURBED, SortedValues.of(List.of(50.0)));
        waits.put(Phase.ENCODE, SortedValues.of(List.of()));
        waits.put(Phase.PREFILL, SortedValues.of(List.of(200.0, 260.0)));
        StreamFigures figures = new StreamFigures(200, waits, SortedValues.of(List.of(5.0, 7.0, 6.0)));

        assertThat(figures.row())
                .containsEntry("budget_ms", 200)
                .containsEntry("undisturbed_p99_ms", 50.0)
                .containsEntry("encode_p99_ms", null)
                .containsEntry("prefill_p50_ms", 200.0)
                .containsEntry("prefill_p99_ms", 260.0)
                .containsEntry("prefill_waits", 2)
                .containsEntry("first_token_s", 6.0);
        assertThat(StreamFigures.plot("t", List.of(figures)).points())
                .containsExactly(new ScatterPlot.Point("budget 200 ms", 6, 260));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<String> texts(Document svg) {
        NodeList nodes = svg.getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    private static double number(NodeList nodes, int index, String attribute) {
        return Double.parseDouble(((Element) nodes.item(index)).getAttribute(attribute));
    }
}
