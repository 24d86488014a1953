package org.llavacluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | ask | There is no QUESTION: give it as an argument or on standard input",
                "2 | ask what is | Only one QUESTION is allowed: put it in quotes if it has spaces",
                "2 | up --engine=fpga | Invalid value for option '--engine'",
                "2 | up --grpc-port=none | 'none' is not an int",
                "2 | up --weights=q5_1 | expected one of [F32, BF16, Q8_0, Q4_0] (case-insensitive) but was 'q5_1'",
                "2 | up --kv=f8 | expected one of [F32, BF16, F16] (case-insensitive) but was 'f8'",
                "2 | bench engine --weights=q5_1 | expected one of [F32, BF16, Q8_0, Q4_0]",
                "1 | bench decode --shape=gpt-2 | --shape must be one of tinyllama-1.1b, llama-7b, not gpt-2",
                "1 | bench engine --engine=tensorflow --weights=q8_0 | --weights must be f32 with --engine tensorflow,"
                        + " not q8_0",
                "1 | bench engine --shape=gpt-2 | --shape must be one of tinyllama-1.1b, llama-7b, clip-vit-l-336, not"
                        + " gpt-2",
                "1 | bench engine --batch=0 | --batch must be between 1 and 64, not 0",
                "1 | bench engine --threads=0 | --threads must be between 1 and 1024, not 0",
                "1 | up --threads=0 | --threads must be between 1 and 1024, not 0",
                "1 | ask --threads=1025 what | --threads must be between 1 and 1024, not 1025",
                "2 | bench engine --engine=onnx | expected one of [SIMD, TENSORFLOW]",
                "2 | bench operations --weights=f8 | expected one of [F32, BF16, Q8_0, Q4_0]",
                "1 | bench vision --shape=vit-b | --shape must be clip-vit-l-336, not vit-b",
                "2 | fly | there is no command 'fly'; there are: ask, chat, up, inspect",
                "2 | aks what | there is no command 'aks'; did you mean ask?; there are: ask, chat, up",
                "2 | bench | llava bench needs one of: tensor, engine, decode",
                "2 | bench fly | there is no command 'fly'; there are: tensor, engine, decode",
                "2 | ask --imgae=x.png what | Unknown option: '--imgae=x.png'; did you mean --image?",
                "1 | up --grpc-port=9000 --http-port=9000 | --grpc-port and --http-port must differ: both are 9000",
                "1 | ask --target=localhost what | --target 'localhost' has no port",
                "1 | up --visions=0 | --visions must be between 1 and 64, not 0",
                "1 | up --http-port=65536 | --http-port must be between 0 and 65535, not 65536",
                "1 | ask --image=no-such.png what | no-such.png: there is no such file",
                "1 | inspect --model=/no/such/folder | /no/such/folder",
                "1 | bench checkpoint --shape=llava-13b --out=x | --shape must be one of tiny, llava-tinyllama-1.1b",
                "2 | bench checkpoint | Missing required option: '--out=DIR'",
                "2 | train | llava train needs one of: projector, instruct",
                "1 | train instruct --model=/no/such/folder --data=x --images=x --out=x"
                        + " | /no/such/folder: no such folder",
                "1 | train projector --batch=6 --together=4 --model=x --data=x --images=x --out=x"
                        + " | a batch of 6 is not a multiple of the 4 samples computed together",
                "2 | delta | llava delta needs one of: make, apply",
                "2 | delta make --base=x --target=y | Missing required option: '--out=DIR'",
                "1 | delta apply --base=/no/base --delta=/no/delta --out=/tmp/no-such-out | /no/base: there is no"
                        + " such folder",
                "1 | bench request --decode-tokens=1 | --decode-tokens must be between 2 and 1024, not 1",
                "1 | bench request --repeat=0 | --repeat must be between 1 and 100, not 0",
                "1 | bench streams --budgets=50,0 | --budgets must be between 1 and 60000, not 0",
                "1 | simulate --nodes=2 | --nodes must be between 3 and 2000, not 2",
                "1 | bench streams --streams=17 | --streams must be between 1 and 16, not 17"
            })
    void shouldSayInOneLineWhatIsWrong(int status, String arguments, String message) {
        System.setProperty("llava.home", System.getProperty("llava.root"));
        PrintStream before = System.err;
        InputStream inputBefore = System.in;
        System.setIn(InputStream.nullInputStream());
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.execute(arguments.split(" "))).isEqualTo(status);
        } finally {
            System.setErr(before);
            System.setIn(inputBefore);
        }
        assertThat(captured.toString(StandardCharsets.UTF_8).strip().lines())
                .singleElement()
                .asString()
                .startsWith("llava: ")
                .contains(message);
    }
}
