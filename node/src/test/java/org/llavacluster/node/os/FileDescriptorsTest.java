package org.llavacluster.node.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileDescriptorsTest {

    @Test
    void shouldKnowThoseOfThisProcess() {
        FileDescriptors now = FileDescriptors.now();
        assertThat(now.open()).isPositive().isLessThan(now.most());
    }

    @Test
    void shouldSayWhatIsNeededAndWhatIsThere() {
        assertThat(new FileDescriptors(60, 400).shortage("the gateway")).isEmpty();
        assertThat(new FileDescriptors(60, 401).shortage("the gateway")).isEmpty();
        assertThat(new FileDescriptors(60, 399).shortage("the gateway"))
                .contains("the gateway needs at least 400 file descriptors and may have 399: raise the limit with "
                        + "'ulimit -n', to 4096 for example");
    }

    @Test
    void shouldLeaveRoomForItsOwnFiles() {
        assertThat(new FileDescriptors(60, 1400).connections(1000)).isEqualTo(1000);
        assertThat(new FileDescriptors(60, 1399).connections(1000)).isEqualTo(999);
        assertThat(new FileDescriptors(60, 100).connections(1000)).isEqualTo(1);
    }

    @Test
    void shouldSayOnceThatTheyRunOut() {
        Iterator<FileDescriptors> looks = List.of(
                        new FileDescriptors(950, 1000),
                        new FileDescriptors(951, 1000),
                        new FileDescriptors(1000, 1000),
                        new FileDescriptors(900, 1000),
                        new FileDescriptors(990, 1000))
                .iterator();
        List<String> said = new ArrayList<>();
        DescriptorWatch watch = new DescriptorWatch(looks::next, said::add);
        while (looks.hasNext()) {
            watch.run();
        }
        assertThat(said)
                .containsExactly(
                        "almost no file descriptors are left, so connections fail: 951 of 1000 file descriptors are"
                                + " open; 'ulimit -n' raises the limit",
                        "almost no file descriptors are left, so connections fail: 990 of 1000 file descriptors are"
                                + " open; 'ulimit -n' raises the limit");
    }
}
