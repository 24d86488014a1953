package org.llavacluster.gateway.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * JSON of the HTTP API. Bodies are strict: one object, no repeated key, bounded nesting and number of tokens, so that a
 * body of a few megabytes can neither overflow the stack nor become gigabytes of nodes.
 */
final class CompletionJson {

    private static final int MAX_NESTING = FixedLimits.JSON_NESTING.intValue();
    private static final int MAX_TOKENS = FixedLimits.JSON_VALUES.intValue();

    private final ObjectMapper mapper;

    CompletionJson() {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .maxTokenCount(MAX_TOKENS)
                        // Images are strings: one may be as long as the body, which has its own limit.
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
        mapper = JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                // As doubles, 9007199254740993.0 would be read as another whole number.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
    }

    JsonNode read(byte[] body) {
        if (isOtherEncoding(body)) {
            throw refuse("must be JSON in UTF-8", null);
        }
        JsonNode root;
        try {
            root = mapper.readTree(body);
        } catch (StreamConstraintsException e) {
            throw refuse(
                    "must be JSON nested at most " + MAX_NESTING + " deep, of at most " + MAX_TOKENS + " values", e);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String where = at == null ? "" : ", at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw refuse("must be well-formed JSON with no key twice" + where, e);
        } catch (NumberFormatException e) {
            throw refuse("must not hold a number whose exponent has more than 10 digits", e);
        } catch (IOException e) {
            throw refuse("must be JSON in UTF-8", e);
        }
        if (root == null || !root.isObject()) {
            throw refuse("must be a JSON object", null);
        }
        return root;
    }

    /**
     * Detects UTF-16 and UTF-32, which the parser would accept: JSON between systems is UTF-8 (RFC 8259, section 8.1).
     */
    private static boolean isOtherEncoding(byte[] body) {
        for (int i = 0; i < Math.min(4, body.length); i++) {
            if (body[i] == 0 || body[i] == (byte) 0xfe || body[i] == (byte) 0xff) {
                return true;
            }
        }
        return false;
    }

    byte[] write(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the answer's own types are JSON", e);
        }
    }

    private static FailureException refuse(String what, Throwable cause) {
        return new FailureException(new Failure.Invalid("body", "body " + what), cause);
    }
}
