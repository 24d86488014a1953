package org.llavacluster.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.llavacluster.proto.v1.ChatRequest;

class SoakMixTest {

    private static final int MANY = 600;
    private static final List<SoakProtocol> ALL = List.of(SoakProtocol.values());

    @Test
    void shouldGiveTheSameRequestsForTheSameSeed() {
        SoakMix mix = new SoakMix(7, ALL);
        SoakMix again = new SoakMix(7, ALL);
        SoakMix other = new SoakMix(8, ALL);

        assertThat(requests(again)).isEqualTo(requests(mix)).isNotEqualTo(requests(other));
    }

    @Test
    void shouldHaveAllKindsOverAllProtocols() {
        Set<SoakKind> kinds = EnumSet.noneOf(SoakKind.class);
        Set<SoakProtocol> protocols = EnumSet.noneOf(SoakProtocol.class);
        Set<WrongRequest> wrong = EnumSet.noneOf(WrongRequest.class);
        for (SoakRequest request : requests(new SoakMix(1, ALL))) {
            kinds.add(request.kind());
            protocols.add(request.protocol());
            if (request instanceof SoakRequest.Wrong one) {
                wrong.add(one.what());
            }
        }

        assertThat(kinds).containsExactlyInAnyOrder(SoakKind.values());
        assertThat(protocols).containsExactlyInAnyOrder(SoakProtocol.values());
        assertThat(wrong).containsExactlyInAnyOrder(WrongRequest.values());
    }

    @Test
    void shouldGiveRequestsOfOneNameTheSameContent() {
        Map<String, ChatRequest> byName = new HashMap<>();
        Set<String> repeated = new HashSet<>();
        for (SoakRequest request : requests(new SoakMix(3, ALL))) {
            if (request instanceof SoakRequest.Ask ask) {
                ask.name().ifPresent(name -> {
                    ChatRequest first = byName.putIfAbsent(name, ask.chat());
                    if (first != null) {
                        assertThat(ask.chat()).as(name).isEqualTo(first);
                        repeated.add(name);
                    }
                });
            }
        }

        assertThat(repeated).hasSizeGreaterThan(20);
    }

    @Test
    void shouldKeepToTheProtocolsThatThereAre() {
        assertThat(requests(new SoakMix(4, List.of(SoakProtocol.GRPC))))
                .allSatisfy(request -> assertThat(request.protocol()).isEqualTo(SoakProtocol.GRPC));
    }

    private static List<SoakRequest> requests(SoakMix mix) {
        return java.util.stream.LongStream.range(0, MANY).mapToObj(mix::at).toList();
    }
}
